// SPDX-License-Identifier: Apache-2.0
// valise-runner FROM TO IN OUT COMMAND... [ '|' COMMAND... ]
// Runs a pipe of commands once for each number from FROM to before TO, one after the other, and
// prints {"seconds": all of it, "rss_kib": peak of the worst}. A % in IN, OUT and in any word
// stands for the number. IN and OUT are the pipe's ends.
//
// A program of its own, because Linux counts what the parent held before exec as the child's peak:
// under an interpreter nothing would seem to need less than the interpreter does.
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

using Words = std::vector<std::string>;

[[noreturn]] void stop(const char* what) {
    std::perror(what);
    std::_Exit(2);
}

std::string numbered(std::string word, long number) {
    if (const auto at = word.find('%'); at != std::string::npos)
        word.replace(at, 1, std::to_string(number));
    return word;
}

pid_t start(const Words& command, long number, int in, int out) {
    Words words;
    for (const std::string& word : command)
        words.push_back(numbered(word, number));
    std::vector<char*> pointers;
    for (std::string& word : words)
        pointers.push_back(word.data());
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    pid_t child = -1;
    errno = posix_spawnp(&child, pointers[0], &actions, nullptr, pointers.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (errno != 0)
        stop(pointers[0]);
    return child;
}

// The sum of the peaks of the pipe's processes: an upper bound, as they need not fall together.
long run_once(const std::vector<Words>& pipe, long number, const char* in_name,
              const char* out_name) {
    int in = open(numbered(in_name, number).c_str(), O_RDONLY | O_CLOEXEC);
    const int last =
        open(numbered(out_name, number).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (in < 0 || last < 0)
        stop(in < 0 ? in_name : out_name);
    std::vector<pid_t> children;
    for (std::size_t i = 0; i < pipe.size(); ++i) {
        int ends[2] = {-1, last};
        if (i + 1 < pipe.size() && pipe2(ends, O_CLOEXEC) != 0)
            stop("pipe");
        children.push_back(start(pipe[i], number, in, ends[1]));
        close(in);
        close(ends[1]);
        in = ends[0];
    }
    long peak = 0;
    for (const pid_t child : children) {
        int status = 0;
        rusage used{};
        if (wait4(child, &status, 0, &used) != child)
            stop("wait4");
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
            std::fprintf(stderr, "valise-runner: number %ld failed with status %d\n", number,
                         status);
            std::_Exit(1);
        }
        peak += used.ru_maxrss;
    }
    return peak;
}

} // namespace

int main(int count, char** words) {
    if (count < 6) {
        std::fprintf(stderr, "usage: valise-runner FROM TO IN OUT COMMAND... ['|' COMMAND...]\n");
        return 2;
    }
    std::vector<Words> pipe(1);
    for (int i = 5; i < count; ++i) {
        if (std::strcmp(words[i], "|") == 0)
            pipe.emplace_back();
        else
            pipe.back().emplace_back(words[i]);
    }
    long peak = 0;
    const long end = std::strtol(words[2], nullptr, 10);
    const auto begin = std::chrono::steady_clock::now();
    for (long number = std::strtol(words[1], nullptr, 10); number < end; ++number)
        peak = std::max(peak, run_once(pipe, number, words[3], words[4]));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    std::printf("{\"seconds\": %.6f, \"rss_kib\": %ld}\n", took.count(), peak);
    return 0;
}
