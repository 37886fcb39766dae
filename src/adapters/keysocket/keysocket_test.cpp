// SPDX-License-Identifier: Apache-2.0
#include "adapters/files/files.h"
#include "adapters/keysocket/client.h"
#include "adapters/keysocket/internal/frame.h"
#include "adapters/keysocket/internal/frame_io.h"
#include "adapters/keysocket/internal/protocol.h"
#include "adapters/keysocket/server.h"
#include "conformance/temporary_folder.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <thread>

namespace valise::adapters {
namespace {

using namespace keysocket;
using std::chrono::milliseconds;
using tests::TemporaryFolder;
using vault::RecordedEvent;

Hash32 hash(Byte n) {
    Hash32 out;
    out.fill(n);
    return out;
}

RecordedEvent event(Byte n) {
    RecordedEvent out;
    out.leaf = Bytes(256, n);
    out.skeleton = to_bytes("{\"seq\":" + std::to_string(n) + "}");
    out.salt = hash(static_cast<Byte>(n + 2));
    out.fields = {hash(n), hash(static_cast<Byte>(n + 1))};
    if (n % 2 == 0) { // the others are withheld
        out.record_salt = hash(static_cast<Byte>(n + 3));
        out.opening = Bytes(n, n);
    }
    return out;
}

DispatchId dispatch() {
    return DispatchId::of(Bytes(10, 7));
}

std::vector<Request> every_request() {
    std::vector<Request> out;
    out.emplace_back(IdentityCall{});
    out.emplace_back(SecretsCall{});
    out.emplace_back(
        vault::CheckpointRequest{vault::LogId::shared_log, 77, hash(1), {hash(2), hash(3)}});
    out.emplace_back(SignedSizeCall{vault::LogId::shared_log});
    out.emplace_back(CosignCall{"old 1\n\nnote"});
    out.emplace_back(ConfirmCall{to_bytes("c"), to_bytes("k"), {}, to_bytes("a")});
    out.emplace_back(ReceiptCall{to_bytes("receipt"), 7});
    out.emplace_back(NoticeCall{8});
    out.emplace_back(BagSignCall{hash(3)});
    out.emplace_back(BagKeyCall{to_bytes("wrapped"), hash(4)});
    out.emplace_back(vault::MirrorRequest{3, Bytes(256, 2), "note"});
    out.emplace_back(BeginCall{to_bytes("terms"), true});
    out.emplace_back(KnownCall{});
    out.emplace_back(RecordCall{std::uint64_t{1} << 40, {event(1), event(2)}});
    out.emplace_back(ResealCall{dispatch().text()});
    out.emplace_back(ShareCall{12, to_bytes("{manifest}")});
    return out;
}

std::vector<Reply> every_reply() {
    std::vector<Reply> out;
    out.emplace_back(Error(Code::refused, "vault.not_recorded", "no “proof”"));
    out.emplace_back(vault::Identity{"JPN", to_bytes("{}"), Bytes(64, 1), Bytes(99, 2), true});
    vault::DaemonSecrets secrets;
    secrets.tls_private_key = SecretBytes::copy(Bytes(100, 3));
    secrets.storage_key = SecretBytes::copy(Bytes(32, 4));
    secrets.founders = {{"石川 遥", Bytes(32, 5)}, {"佐藤 健二", Bytes(32, 6)}};
    out.emplace_back(std::move(secrets));
    out.emplace_back(TextReply{"note\n"});
    out.emplace_back(NumberReply{std::uint64_t{1} << 52});
    out.emplace_back(vault::WitnessReply{409, "12\n"});
    out.emplace_back(BytesReply{Bytes(5, 0xff)});
    out.emplace_back(vault::ResealReply{to_bytes("m"), to_bytes("s"), hash(6), 1'000'000});
    return out;
}

Bytes raw(const SecretBytes& secret) {
    return to_bytes(secret.read(SecretAccess::because("test")));
}

template<class Message, class Read, class Write>
void holds_in_one_form(const std::vector<Message>& all, Read read, Write write) {
    for (const Message& message : all) {
        const Bytes frame = raw(*write(message));
        ASSERT_EQ(read_u32(ByteView(frame).first<4>()), frame.size() - 4);
        const ByteView payload = ByteView(frame).subspan(4);
        const auto back = read(payload);
        ASSERT_TRUE(back) << back.error().text();
        EXPECT_EQ(back->index(), message.index());
        EXPECT_EQ(raw(*write(*back)), frame);
        for (std::size_t size = 0; size < payload.size(); ++size)
            ASSERT_FALSE(read(payload.first(size))) << size;
        Bytes longer = to_bytes(payload);
        longer.push_back(0);
        EXPECT_FALSE(read(longer));
        // Whatever a flipped bit still means, it means it in one form.
        for (std::size_t bit = 0; bit < payload.size() * 8; bit += 5) {
            Bytes flipped = to_bytes(payload);
            flipped[bit / 8] ^= static_cast<Byte>(1u << (bit % 8));
            if (const auto other = read(flipped)) {
                const Bytes again = raw(*write(*other));
                ASSERT_TRUE(std::ranges::equal(ByteView(again).subspan(4), flipped)) << bit;
            }
        }
    }
}

TEST(KeySocketProtocol, EveryMessageHasOneFormAndNoPrefixIsOne) {
    holds_in_one_form(every_request(), read_request, write_request);
    holds_in_one_form(every_reply(), read_reply, write_reply);
}

Result<Request> request_of(std::string_view header, std::string_view parts) {
    Bytes payload;
    append_u32(payload, static_cast<std::uint32_t>(header.size()));
    append(payload, header);
    append(payload, parts);
    return read_request(payload);
}

TEST(KeySocketProtocol, RefusesWhatIsNotExactlyThat) {
    EXPECT_TRUE(request_of(R"({"body":{},"op":"identity","parts":[],"v":6})", ""));
    EXPECT_TRUE(request_of(R"({"body":{"body":0},"op":"cosign","parts":[2],"v":6})", "ab"));
    const std::pair<const char*, const char*> rows[] = {
        {R"({"body":{},"op":"identity","parts":[],"v":2})", ""},
        {R"({"body":{},"op":"identify","parts":[],"v":6})", ""},
        {R"({"body":{},"op":"identity-reply","parts":[],"v":6})", ""},
        {R"({"body":{},"op":"identity","v":6})", ""},
        {R"({"body":{},"op":"identity","parts":{},"v":6})", ""},
        {R"({"body":{},"op":"identity","parts":[-1],"v":6})", ""},
        {R"({"body":{},"op":"identity","parts":["1"],"v":6})", "x"},
        {R"({"body":{},"op":"identity","parts":[0],"v":6})", ""},
        {R"({"body":{},"op":"identity","parts":[1],"v":6})", "x"},
        {R"({"body":{"a":1},"op":"identity","parts":[],"v":6})", ""},
        {R"({"body":{},"extra":1,"op":"identity","parts":[],"v":6})", ""},
        {R"({"body":[],"op":"identity","parts":[],"v":6})", ""},
        {R"({"op":"identity","body":{},"parts":[],"v":6})", ""},
        {R"({"body":{"body":1},"op":"cosign","parts":[1,1],"v":6})", "ab"},
        {R"({"body":{"body":0},"op":"cosign","parts":[3],"v":6})", "ab"},
        {R"({"body":{"body":0},"op":"cosign","parts":[1],"v":6})", "ab"},
        {R"({"body":{"body":0},"op":"cosign","parts":[1],"v":6})", "\xff"},
        {R"({"body":{"body":0,"now":1},"op":"cosign","parts":[1],"v":6})", "a"},
        {R"({"body":{"from":0},"op":"record","parts":[],"v":6})", ""},
        {R"({"body":{"log":2},"op":"signed-size","parts":[],"v":6})", ""},
        {R"([])", ""},
        {"", ""}};
    for (const auto& [header, parts] : rows) {
        const auto read = request_of(header, parts);
        ASSERT_FALSE(read) << header;
        EXPECT_EQ(read.error().reason(), "adapters.keys_frame");
        EXPECT_EQ(read.error().code(), Code::invalid);
    }
}

TEST(KeySocketProtocol, WritesNothingThatCouldNotBeRead) {
    EXPECT_FALSE(write_request(
        vault::CheckpointRequest{vault::LogId::private_log, std::uint64_t{1} << 60, {}, {}}));
    RecordCall many;
    many.events.assign(vault::kMaxShownEvents, event(2));
    EXPECT_TRUE(write_request(many));
    many.events.push_back(event(2));
    EXPECT_FALSE(write_request(many));
    EXPECT_EQ(write_request(ReceiptCall{Bytes(kMaxFrame), 1}).error().reason(),
              "adapters.keys_limit");
    // Whatever an error says, it arrives.
    const auto frame = write_reply(Error(Code::internal, "x\ny", std::string(5000, '\xff')));
    ASSERT_TRUE(frame);
    EXPECT_TRUE(read_reply(ByteView(raw(*frame)).subspan(4)));
}

// Answers with what it was asked, so that a test sees that everything came across.
class Fake : public vault::KeyService {
public:
    Result<vault::Identity> identity() override {
        if (slow) {
            ++waiting;
            std::this_thread::sleep_for(milliseconds(200));
            --waiting;
        }
        return vault::Identity{"JPN", to_bytes("list"), Bytes(64, 1), Bytes(80, 2), true};
    }
    Result<vault::DaemonSecrets> daemon_secrets() override {
        vault::DaemonSecrets out;
        out.tls_private_key = SecretBytes::copy(Bytes(10, 7));
        out.tls_certificate = to_bytes("certificate");
        out.storage_key = SecretBytes::copy(Bytes(32, 8));
        out.founders = {{"Control", Bytes(32, 1)}, {"Clearance", Bytes(32, 2)}};
        return out;
    }
    Result<std::string> sign_checkpoint(const vault::CheckpointRequest& request) override {
        if (request.size == 0)
            return fail(Code::refused, "vault.not_consistent", "size 0 after 5");
        return "checkpoint " + std::to_string(request.size) + " " +
               std::to_string(request.consistency.size());
    }
    Result<std::uint64_t> begin(ByteView terms, bool test_mode) override {
        return terms.size() + (test_mode ? 100 : 0);
    }
    Result<std::uint64_t> known_events() override { return 9; }
    Result<std::uint64_t> record(std::uint64_t from,
                                 const std::vector<RecordedEvent>& events) override {
        for (const RecordedEvent& one : events)
            from += one.record_salt ? 1 : 10;
        return from;
    }
    Result<std::uint64_t> signed_size(vault::LogId log) override {
        return log == vault::LogId::shared_log ? 42 : 0;
    }
    Result<vault::RecoveryReply> recover(const vault::RecoveryRequest& request) override {
        return vault::RecoveryReply{request.permit, hash(3), to_bytes(request.private_note),
                                    to_bytes(request.shared_note)};
    }
    Result<std::uint64_t> follow_peer(ByteView key_list, ByteView signature) override {
        return key_list.size() + signature.size();
    }
    Result<vault::MirrorReply> mirror(const vault::MirrorRequest& request) override {
        return vault::MirrorReply{request.from + request.leaves.size() / vault::kMirrorLeaf,
                                  request.checkpoint};
    }
    Result<vault::WitnessReply> cosign(const std::string& body) override {
        return vault::WitnessReply{200, body};
    }
    Result<Bytes> confirm_peer(ByteView a, ByteView b, ByteView c, ByteView d) override {
        Bytes out = to_bytes(a);
        append(out, b);
        append(out, c);
        append(out, d);
        return out;
    }
    Result<Bytes> sign_receipt(ByteView receipt, std::uint64_t seq) override {
        Bytes out = to_bytes(receipt);
        out.push_back(static_cast<Byte>(seq));
        return out;
    }
    Result<Bytes> sign_notice(std::uint64_t seq) override {
        return Bytes{'n', static_cast<Byte>(seq)};
    }
    Result<vault::ResealReply> reseal(const DispatchId& id, const RandomSource& in, ByteSink& out,
                                      int descriptor) override {
        Bytes all(static_cast<std::size_t>(in.size()));
        TRY(in.read_at(0, all));
        TRY(out.write(view("sealed for " + id.text() + ":")));
        TRY(out.write(all));
        EXPECT_GE(descriptor, 0);
        return vault::ResealReply{to_bytes(id.text()), {}, hash(9), all.size()};
    }
    Result<vault::SignedText> ask_opening(std::uint64_t permit, ByteView manifest) override {
        return vault::SignedText{to_bytes(manifest), to_bytes(std::to_string(permit))};
    }
    Result<vault::SignedText> grant_opening(std::uint64_t permit, ByteView manifest) override {
        return vault::SignedText{to_bytes(std::to_string(permit)), to_bytes(manifest)};
    }
    Result<vault::ControlledShares> release_controlled(std::uint64_t permit,
                                                       ByteView manifest) override {
        vault::ControlledShares out{to_bytes(manifest), to_bytes(std::to_string(permit)), {}};
        if (permit == 9)
            out.lease = Time{1795480245};
        return out;
    }
    Result<Bytes> release_share(std::uint64_t permit, ByteView manifest) override {
        Bytes out = to_bytes(manifest);
        out.push_back(static_cast<Byte>('0' + permit));
        return out;
    }
    Result<Bytes> sign_bag(const Hash32& digest) override { return Bytes{'b', digest[0]}; }
    Result<SecretBytes> bag_key(ByteView wrapped, const Hash32& header_digest) override {
        Bytes out = to_bytes(wrapped);
        out.push_back(header_digest[0]);
        return SecretBytes::take(std::move(out));
    }
    Result<vault::SharedKey> export_share(std::uint64_t permit, ByteView manifest,
                                          const vault::ShareRequest& asked) override {
        Bytes out = to_bytes(manifest);
        append(out, asked.wrapped_key);
        out.push_back(static_cast<Byte>('0' + permit));
        return vault::SharedKey{std::move(out), asked.policy + asked.ephemeral_key + asked.binding};
    }
    std::atomic<bool> slow{false};
    std::atomic<int> waiting{0};
};

class KeySocket : public testing::Test {
protected:
    void SetUp() override { start(); }
    void start() {
        server_.reset();
        auto started = KeySocketServer::start(path(), fake_);
        ASSERT_TRUE(started) << started.error().text();
        server_ = std::move(*started);
    }
    std::string path() const { return folder_ / "keys.sock"; }
    Descriptor connect() const {
        return std::move(*connect_unix_socket(path(), milliseconds(1000)));
    }
    // Whether the server ends the connection after these bytes.
    bool hangs_up(ByteView bytes, std::span<const int> descriptors = {}) const {
        const Descriptor socket = connect();
        EXPECT_TRUE(
            send_frame(socket.get(), SecretBytes::copy(bytes), descriptors, milliseconds(1000)));
        const auto answer =
            receive_frame(socket.get(), after(milliseconds(2000)), milliseconds(1000));
        return answer ? !answer->has_value()
                      : answer.error().context().find("reset") != std::string::npos;
    }

    TemporaryFolder folder_;
    Fake fake_;
    std::unique_ptr<KeySocketServer> server_;
    KeySocketClient client_{folder_ / "keys.sock"};
};

TEST_F(KeySocket, CarriesEveryCall) {
    const auto identity = client_.identity();
    ASSERT_TRUE(identity) << identity.error().text();
    EXPECT_EQ(identity->party, "JPN");
    EXPECT_EQ(identity->root_public, Bytes(80, 2));
    EXPECT_TRUE(identity->peer_trusted);
    const auto secrets = client_.daemon_secrets();
    ASSERT_TRUE(secrets);
    EXPECT_EQ(raw(secrets->tls_private_key), Bytes(10, 7));
    EXPECT_EQ(raw(secrets->storage_key), Bytes(32, 8));
    EXPECT_EQ(secrets->founders.control_officer.name, "Control");
    EXPECT_EQ(secrets->founders.clearance_officer.key, Bytes(32, 2));
    EXPECT_EQ(*client_.sign_checkpoint({vault::LogId::private_log, 5, hash(1), {hash(2)}}),
              "checkpoint 5 1");
    EXPECT_EQ(*client_.begin(view("terms"), true), 105u);
    EXPECT_EQ(*client_.begin(view("terms"), false), 5u);
    EXPECT_EQ(*client_.known_events(), 9u);
    EXPECT_EQ(*client_.record(1000, {event(1), event(2), event(4)}), 1012u);
    EXPECT_EQ(*client_.signed_size(vault::LogId::shared_log), 42u);
    EXPECT_EQ(*client_.signed_size(vault::LogId::private_log), 0u);
    const auto witness = client_.cosign("old 3\n");
    EXPECT_EQ(witness->status, 200u);
    EXPECT_EQ(witness->body, "old 3\n");
    EXPECT_EQ(to_text(*client_.confirm_peer(view("a"), view("b"), view("c"), view("d"))), "abcd");
    EXPECT_EQ(*client_.sign_receipt(view("r"), 3), (Bytes{'r', 3}));
    EXPECT_EQ(*client_.sign_notice(9), (Bytes{'n', 9}));
    EXPECT_EQ(*client_.sign_bag(hash(7)), (Bytes{'b', hash(7)[0]}));
    const auto recovered = client_.recover({7, "private\n", "shared\n"});
    ASSERT_TRUE(recovered);
    EXPECT_EQ(recovered->signed_size, 7U);
    EXPECT_EQ(recovered->root, hash(3));
    EXPECT_EQ(to_text(recovered->key_list), "private\n");
    EXPECT_EQ(to_text(recovered->key_list_signature), "shared\n");
    EXPECT_EQ(*client_.follow_peer(Bytes{1, 2}, Bytes{3}), 3U);
    const auto mirrored = client_.mirror({4, Bytes(512, 1), "note\n"});
    ASSERT_TRUE(mirrored);
    EXPECT_EQ(mirrored->leaves, 6U);
    EXPECT_EQ(mirrored->lines, "note\n");
    const auto bag = client_.bag_key(to_bytes("wrapped"), hash(8));
    ASSERT_TRUE(bag);
    EXPECT_EQ(bag->read(SecretAccess::because("test")).back(), hash(8)[0]);
    EXPECT_EQ(to_text(*client_.release_share(4, view("{manifest}"))), "{manifest}4");
    EXPECT_EQ(to_text(client_.ask_opening(5, view("{m}"))->signature), "5");
    EXPECT_EQ(to_text(client_.grant_opening(6, view("{m}"))->text), "6");
    EXPECT_EQ(to_text(client_.release_controlled(7, view("{m}"))->originators), "7");
    EXPECT_FALSE(client_.release_controlled(7, view("{m}"))->lease);
    EXPECT_EQ(client_.release_controlled(9, view("{m}"))->lease->text(), "2026-11-24T00:30:45Z");
    const auto exported = client_.export_share(5, view("m"), {"p", {'w'}, "e", "b"});
    ASSERT_TRUE(exported);
    EXPECT_EQ(to_text(exported->wrapped), "mw5");
    EXPECT_EQ(exported->ephemeral_key, "peb");
}

TEST_F(KeySocket, ErrorsArriveAsTheyWere) {
    const auto refused = client_.sign_checkpoint({});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code(), Code::refused);
    EXPECT_EQ(refused.error().reason(), "vault.not_consistent");
    EXPECT_EQ(refused.error().context(), "size 0 after 5");
    EXPECT_TRUE(client_.identity());
}

TEST_F(KeySocket, HandsOpenFilesOver) {
    ASSERT_TRUE(write_file_durably(folder_ / "in", view("document")));
    auto in = FileSource::open(folder_ / "in");
    const Descriptor out(::open((folder_ / "out").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    FileSink sink(out.get());
    ASSERT_TRUE(sink.write(view("[")));
    const auto reply = client_.reseal(dispatch(), **in, sink, out.get());
    ASSERT_TRUE(reply) << reply.error().text();
    EXPECT_EQ(reply->container_bytes, 8u);
    EXPECT_EQ(reply->payload_root, hash(9));
    EXPECT_EQ(to_text(reply->manifest), dispatch().text());
    // One position for both processes: what we write now follows.
    ASSERT_TRUE(sink.write(view("]")));
    EXPECT_EQ(to_text(*read_file(folder_ / "out", 100)),
              "[sealed for " + dispatch().text() + ":document]");

    MemorySource memory(to_bytes("x"));
    EXPECT_EQ(client_.reseal(dispatch(), memory, sink, out.get()).error().reason(),
              "adapters.keys_descriptor");
    EXPECT_EQ(client_.reseal(dispatch(), **in, sink, -1).error().reason(),
              "adapters.keys_descriptor");
    EXPECT_EQ(client_.reseal(dispatch(), **in, sink, (*in)->descriptor()).error().reason(),
              "adapters.keys_descriptor");
}

TEST_F(KeySocket, RepeatedHandingOverLeavesNoFileOpen) {
    ASSERT_TRUE(write_file_durably(folder_ / "in", view("document")));
    const auto open_files = [] {
        return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
    };
    auto in = FileSource::open(folder_ / "in");
    const Descriptor out(::open((folder_ / "out").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    FileSink sink(out.get());
    ASSERT_TRUE(client_.reseal(dispatch(), **in, sink, out.get()));
    const auto before = open_files();
    for (int i = 0; i < 20; ++i)
        ASSERT_TRUE(client_.reseal(dispatch(), **in, sink, out.get()));
    // Files on calls that take none, and too many of them, are closed again too.
    const Bytes identity = raw(*write_request(IdentityCall{}));
    const Bytes reseal = raw(*write_request(ResealCall{dispatch().text()}));
    const std::array<int, 2> two{(*in)->descriptor(), out.get()};
    EXPECT_TRUE(hangs_up(identity, two));
    EXPECT_TRUE(hangs_up(reseal));
    EXPECT_TRUE(hangs_up(reseal, std::span(two).first(1)));
    for (int i = 0; i < 50 && open_files() > before; ++i)
        std::this_thread::sleep_for(milliseconds(20));
    EXPECT_LE(open_files(), before);
}

TEST_F(KeySocket, GarbageEndsTheConnectionAndNothingElse) {
    EXPECT_TRUE(hangs_up(view("GET / HTTP/1.1\r\n\r\n")));
    EXPECT_TRUE(hangs_up(Bytes{0xff, 0xff, 0xff, 0xff}));
    EXPECT_TRUE(hangs_up(Bytes{0, 0, 0, 0}));
    EXPECT_TRUE(hangs_up(Bytes{0, 0, 0, 5, 0, 0, 0, 1, '{'}));
    const Bytes good = raw(*write_request(IdentityCall{}));
    for (std::size_t at = 0; at < good.size(); ++at) {
        if (at >= 1 && at <= 3) // another length within the bound: the server waits for the rest
            continue;
        Bytes bad = good;
        bad[at] ^= 0x80;
        EXPECT_TRUE(hangs_up(bad)) << at;
    }
    EXPECT_TRUE(client_.identity());
    // An answer where a request should be.
    EXPECT_TRUE(hangs_up(raw(*write_reply(TextReply{"x"}))));
}

TEST_F(KeySocket, SeveralCallsAtATime) {
    fake_.slow = true;
    std::jthread one([&] { EXPECT_TRUE(client_.identity()); });
    std::jthread two([&] { EXPECT_TRUE(client_.identity()); });
    int most = 0;
    for (int i = 0; i < 30; ++i, std::this_thread::sleep_for(milliseconds(5)))
        most = std::max(most, fake_.waiting.load());
    EXPECT_EQ(most, 2);
    EXPECT_EQ(*client_.signed_size(vault::LogId::shared_log), 42u);
}

TEST_F(KeySocket, SaysWhenTheServiceIsDownAndFindsItAgain) {
    ASSERT_TRUE(client_.identity());
    start(); // the connection that was kept is dead now
    EXPECT_TRUE(client_.identity());
    server_.reset();
    EXPECT_FALSE(std::filesystem::exists(path()));
    const auto down = client_.identity();
    EXPECT_EQ(down.error().reason(), "adapters.keys_down");
    EXPECT_EQ(down.error().code(), Code::unavailable);
}

TEST_F(KeySocket, TheSocketIsTheOwnersAlone) {
    struct stat about{};
    ASSERT_EQ(::stat(path().c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0600u);
    EXPECT_EQ(KeySocketServer::start(path(), fake_).error().reason(), "adapters.address_in_use");
    std::array<int, 2> pair{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()), 0);
    const Descriptor a(pair[0]);
    const Descriptor b(pair[1]);
    EXPECT_TRUE(run_by(a.get(), ::geteuid()));
    EXPECT_EQ(run_by(a.get(), ::geteuid() + 1).error().reason(), "adapters.keys_owner");
}

// The daemon as one user, the keys as another: neither reads the other's files, each knows the
// other.
TEST_F(KeySocket, TwoUsersKnowEachOther) {
    if (::geteuid() != 0)
        GTEST_SKIP() << "only root can be somebody else";
    constexpr uid_t kDaemon = 65534;
    const std::string open_folder = "/tmp/valise-keys-" + std::to_string(::getpid());
    ASSERT_EQ(::mkdir(open_folder.c_str(), 0755), 0);
    const std::string at = open_folder + "/keys.sock";
    const auto server = KeySocketServer::start(at, fake_, kDaemon);
    ASSERT_TRUE(server) << server.error().text();
    const auto asked_as = [&](uid_t who, std::optional<uid_t> expected) {
        std::string reason;
        std::jthread([&] { // for this thread only
            ASSERT_EQ(::syscall(SYS_setresuid, -1, who, -1), 0);
            KeySocketClient client(at, expected);
            const auto identity = client.identity();
            reason = identity ? "" : identity.error().reason();
        })
            .join();
        return reason;
    };
    EXPECT_EQ(asked_as(kDaemon, 0), "");
    EXPECT_EQ(asked_as(kDaemon, std::nullopt), "adapters.keys_owner")
        << "it was not told whom to expect";
    EXPECT_EQ(asked_as(kDaemon - 1, 0), "adapters.keys_down") << "a third user";
    ::rmdir(open_folder.c_str());
}

} // namespace
} // namespace valise::adapters
