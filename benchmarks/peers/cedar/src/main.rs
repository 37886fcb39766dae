// SPDX-License-Identifier: Apache-2.0

// usage: cedar-peer SITUATIONS SECONDS
// Decides every situation with Cedar, in this process, over entities and requests that are built
// before, and prints how many it decides otherwise than decide() did, and seconds of one decision.
use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Request,
    RestrictedExpression as Value,
};
use serde_json::Value as Json;
use std::collections::{HashMap, HashSet};
use std::time::Instant;

const RULES: &str = include_str!("../rules.cedar");

fn uid(kind: &str, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.parse().unwrap(), cedar_policy::EntityId::new(id))
}

fn reference(kind: &str, id: &str) -> Value {
    Value::new_entity_uid(uid(kind, id))
}

fn text(of: &Json, name: &str) -> String {
    of[name].as_str().unwrap_or("").to_string()
}

fn word(of: &Json, name: &str) -> Value {
    Value::new_string(text(of, name))
}

fn flag(of: &Json, name: &str) -> Value {
    Value::new_bool(of[name].as_bool().unwrap())
}

fn words(of: &Json) -> Value {
    Value::new_set(of.as_array().unwrap().iter().map(|one| Value::new_string(one.as_str().unwrap().to_string())))
}

fn entity(kind: &str, id: &str, values: Vec<(&str, Value)>, tags: Vec<(String, Value)>) -> Entity {
    let values = values.into_iter().map(|(name, value)| (name.to_string(), value));
    Entity::new_with_tags(uid(kind, id), values, HashSet::new(), tags).unwrap()
}

fn members(of: &Json) -> impl Iterator<Item = (&String, &Json)> {
    of.as_object().unwrap().iter()
}

fn rank(data: &Json, level: &str) -> i64 {
    data["terms"]["ranks"][level].as_i64().unwrap_or(0)
}

fn person(data: &Json, id: &str, one: &Json) -> Entity {
    let clearance = &one["clearance"];
    let mut tags = Vec::new();
    if let Some(grants) = data["grants"].get(id) {
        for (item, by_purpose) in members(grants) {
            let until = members(by_purpose)
                .map(|(purpose, until)| (purpose.clone(), Value::new_long(until.as_i64().unwrap())));
            tags.push((item.clone(), Value::new_record(until).unwrap()));
        }
    }
    let values = vec![
        ("roles", words(&one["roles"])),
        ("cleared", Value::new_bool(!clearance.is_null())),
        ("rank", Value::new_long(rank(data, &text(clearance, "level")))),
        ("until", Value::new_long(clearance["until"].as_i64().unwrap_or(0))),
        ("briefed", flag(one, "briefed")),
        ("transferred", flag(one, "transferred")),
    ];
    entity("Person", id, values, tags)
}

fn item(data: &Json, id: &str, one: &Json) -> Entity {
    let received = one["received"].as_bool().unwrap();
    let own_level = text(one, if received { "own_level" } else { "level" });
    let empty = Vec::new();
    let frozen = data["frozen"].get(id).map_or(&empty, |list| list.as_array().unwrap());
    let copies = frozen.iter().map(|copy| reference("Copy", copy.as_str().unwrap()));
    let values = vec![
        ("electronic", flag(one, "electronic")),
        ("cancelled", flag(one, "cancelled")),
        ("received", flag(one, "received")),
        ("level", word(one, "level")),
        ("label_level", word(one, "label_level")),
        ("marked", Value::new_bool(!own_level.is_empty())),
        ("own_rank", Value::new_long(rank(data, &own_level))),
        ("purpose", word(one, "purpose")),
        ("origin", word(one, "origin")),
        ("entered_by", reference("Person", &text(one, "entered_by"))),
        ("release", words(&one["release"])),
        ("limited", Value::new_bool(!one["release"].as_array().unwrap().is_empty())),
        ("change", flag(one, "change")),
        ("frozen", Value::new_bool(!frozen.is_empty())),
        ("all_frozen", Value::new_bool(frozen.iter().any(|copy| copy == ""))),
        ("frozen_copies", Value::new_set(copies)),
    ];
    entity("Item", id, values, Vec::new())
}

fn entities(data: &Json) -> Entities {
    let terms = &data["terms"];
    let mut all = vec![entity(
        "Terms",
        "agreement",
        vec![
            ("registry", word(data, "party")),
            ("digest", word(terms, "digest")),
            ("draft", flag(terms, "draft")),
            ("test_mode", flag(terms, "test_mode")),
            ("briefing", flag(terms, "briefing")),
            ("from", Value::new_long(terms["from"].as_i64().unwrap())),
            ("until", Value::new_long(terms["until"].as_i64().unwrap())),
            ("own", word(terms, "own")),
            ("other", word(terms, "other")),
        ],
        Vec::new(),
    )];
    all.extend(members(&data["persons"]).map(|(id, one)| person(data, id, one)));
    all.extend(members(&data["items"]).map(|(id, one)| item(data, id, one)));
    for (id, copy) in members(&data["copies"]) {
        all.push(entity("Copy", id, vec![("item", reference("Item", &text(copy, "item")))], Vec::new()));
    }
    for (digest, release) in members(&data["releases"]) {
        let approvals = release["approvals"].as_array().unwrap();
        let persons = approvals.iter().map(|id| reference("Person", id.as_str().unwrap()));
        let values = vec![
            ("approvals", Value::new_set(persons)),
            ("refused", flag(release, "refused")),
            ("in_round", flag(release, "in_round")),
        ];
        all.push(entity("Release", digest, values, Vec::new()));
    }
    Entities::from_entities(all, None).unwrap()
}

fn request(data: &Json, situation: &Json) -> Request {
    let act = &situation["act"];
    let actor = data["active_by_key"][text(act, "signer")].as_str().unwrap_or("nobody");
    let digest = text(situation, "digest");
    let values = [
        ("now", Value::new_long(act["now"].as_i64().unwrap())),
        ("party", word(act, "party")),
        ("under", word(act, "under")),
        ("item", word(act, "item")),
        ("copy", reference("Copy", &text(act, "copy"))),
        ("purpose", word(act, "purpose")),
        ("level", word(act, "level")),
        ("recipient", word(act, "recipient")),
        ("release_digest", word(act, "release_digest")),
        ("terms", word(act, "terms")),
        ("release", reference("Release", &digest)),
        ("expected", Value::new_string(digest.clone())),
    ];
    let context = Context::from_pairs(values.map(|(name, value)| (name.to_string(), value))).unwrap();
    Request::new(
        uid("Person", actor),
        uid("Action", &text(act, "kind")),
        uid("Item", &text(act, "item")),
        context,
        None,
    )
    .unwrap()
}

fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap_or("");
    line.split_whitespace().nth(1).and_then(|kib| kib.parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let file: Json = serde_json::from_slice(&std::fs::read(&words[1]).unwrap()).unwrap();
    let seconds: f64 = words[2].parse().unwrap();
    let policies: PolicySet = RULES.parse().unwrap();
    let names: HashMap<_, _> =
        policies.policies().map(|one| (one.id().clone(), one.annotation("id").unwrap().to_string())).collect();
    let data = &file["data"];
    let entities = entities(data);
    let authorizer = Authorizer::new();

    let (mut timed, mut disagree, mut first) = (Vec::new(), 0, String::new());
    let situations = file["situations"].as_array().unwrap();
    for situation in situations {
        let request = request(data, situation);
        let answer = authorizer.is_authorized(&request, &policies, &entities);
        let permitted = answer.decision() == Decision::Allow;
        let mut refused: Vec<String> = answer.diagnostics().reason().map(|id| names[id].clone()).collect();
        refused.retain(|name| name != "permit");
        refused.sort();
        refused.dedup();
        let errors: Vec<_> = answer.diagnostics().errors().map(|one| one.to_string()).collect();
        let wanted: Vec<String> =
            situation["refused"].as_array().unwrap().iter().map(|one| one.as_str().unwrap().into()).collect();
        if permitted != wanted.is_empty() || refused != wanted || !errors.is_empty() {
            disagree += 1;
            if first.is_empty() {
                first = format!("{}: {refused:?}, decide() {wanted:?} {errors:?}", situation["act"]);
            }
        }
        if situation["timed"].as_bool().unwrap() {
            timed.push(request);
        }
    }
    let (mut count, mut spent, mut permitted) = (0, 0.0, 0);
    while spent < seconds {
        let begin = Instant::now();
        for request in &timed {
            let answer = authorizer.is_authorized(request, &policies, &entities);
            permitted += usize::from(answer.decision() == Decision::Allow);
        }
        spent += begin.elapsed().as_secs_f64();
        count += timed.len();
    }
    let out = serde_json::json!({
        "decide": spent / count as f64, "disagree": disagree, "checked": situations.len(),
        "timed": timed.len(), "permitted": permitted as f64 / count as f64, "first": first,
        "rss_mib": peak_mib(), "version": format!("cedar {}", cedar_policy::get_sdk_version()),
    });
    println!("{out}");
}
