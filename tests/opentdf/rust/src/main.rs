// SPDX-License-Identifier: Apache-2.0

//! open: the Rust SDK of OpenTDF as its makers publish it opens one file.
//! usage: open URL CLIENT SECRET SEALED OUTPUT

use opentdf::kas::{CallerKey, KasClient};
use opentdf::kas_discovery::OpentdfConfiguration;
use opentdf::TdfArchive;
use std::io::Read;

type Failure = Box<dyn std::error::Error>;

fn new_key() -> Result<CallerKey, Failure> {
    let mut seed = [0u8; 32];
    std::fs::File::open("/dev/urandom")?.read_exact(&mut seed)?;
    Ok(CallerKey::P256(opentdf::p256::ecdsa::SigningKey::from_slice(
        &seed,
    )?))
}

// The SDK takes a token; how it is had is the application's affair.
async fn token(url: &str, client: &str, secret: &str, key: &CallerKey) -> Result<String, Failure> {
    let answer: serde_json::Value = reqwest::Client::new()
        .post(format!("{url}/token"))
        .basic_auth(client, Some(secret))
        .header("DPoP", key.dpop_proof("POST", "/token", "")?)
        .form(&[("grant_type", "client_credentials")])
        .send()
        .await?
        .error_for_status()?
        .json()
        .await?;
    Ok(answer["access_token"]
        .as_str()
        .ok_or("no token")?
        .to_string())
}

async fn open(words: &[String]) -> Result<(), Failure> {
    let key = new_key()?;
    let token = token(&words[1], &words[2], &words[3], &key).await?;
    let config = OpentdfConfiguration::for_kas_connect(&words[1]);
    let client = KasClient::new(&config, token)?.with_caller_key(key);
    let mut archive = TdfArchive::open(&words[4])?;
    let plain = archive.by_index()?.decrypt_with_kas(&client).await?;
    std::fs::write(&words[5], plain)?;
    Ok(())
}

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().collect();
    if words.len() != 6 {
        eprintln!("usage: open URL CLIENT SECRET SEALED OUTPUT");
        std::process::exit(2);
    }
    if let Err(failure) = open(&words).await {
        eprintln!("{failure}");
        std::process::exit(1);
    }
}
