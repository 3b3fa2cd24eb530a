#include "sys/workers.h"

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "sys/memory.h"

namespace relmk::sys {

class Task {
 public:
  explicit Task(std::function<void()> work) : work_(std::move(work)) {}

  // Does the work, unless somebody has begun to or it was dropped.
  void run() {
    {
      const std::lock_guard hold(lock_);
      if (state_ != State::Waiting) return;
      state_ = State::Running;
    }
    work_();
    const std::lock_guard hold(lock_);
    state_ = State::Ended;
    ended_.notify_all();
  }
  void drop() {
    std::unique_lock hold(lock_);
    if (state_ == State::Waiting) state_ = State::Ended;
    ended_.wait(hold, [&] { return state_ == State::Ended; });
  }

 private:
  enum class State { Waiting, Running, Ended };
  const std::function<void()> work_;
  State state_ = State::Waiting;
  std::mutex lock_;
  std::condition_variable ended_;
};

namespace {

size_t processors() {
  return std::max(1U, std::thread::hardware_concurrency());
}

// Starts a thread on another processor than this thread's, if there is one: it would wait behind
// this thread, which goes on working, until the kernel moves it some milliseconds later. From then
// on it may run on each. Returns whether there is a further thread.
class ThreadElsewhere {
 public:
  static bool start(std::function<void()> work) {
    auto thread = std::make_unique<ThreadElsewhere>(std::move(work));
    pthread_attr_t attributes;
    ::pthread_attr_init(&attributes);
    ::pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    cpu_set_t others = thread->allowed_;
    const int here = ::sched_getcpu();
    if (here >= 0 && here < CPU_SETSIZE) CPU_CLR(here, &others);
    if (CPU_COUNT(&others) > 0) ::pthread_attr_setaffinity_np(&attributes, sizeof others, &others);
    pthread_t id{};
    const bool is_started = ::pthread_create(&id, &attributes, run, thread.get()) == 0;
    ::pthread_attr_destroy(&attributes);
    if (is_started) thread.release();
    return is_started;
  }

  explicit ThreadElsewhere(std::function<void()> work) : work_(std::move(work)) {
    CPU_ZERO(&allowed_);
    ::sched_getaffinity(0, sizeof allowed_, &allowed_);
  }

 private:
  static void* run(void* self) {
    const std::unique_ptr<ThreadElsewhere> thread(static_cast<ThreadElsewhere*>(self));
    if (CPU_COUNT(&thread->allowed_) > 0)
      ::sched_setaffinity(0, sizeof thread->allowed_, &thread->allowed_);
    thread->work_();
    return nullptr;
  }

  const std::function<void()> work_;
  cpu_set_t allowed_;
};

// Threads that wait for tasks, one less than there are processors: whoever gives tasks works, too.
class Pool {
 public:
  void add(const std::shared_ptr<Task>& task) {
    const std::lock_guard hold(lock_);
    tasks_.push_back(task);
    if (idle_ < tasks_.size() && threads_ + 1 < processors()) start_thread();
    changed_.notify_one();
  }

 private:
  void start_thread() {
    // Where there is no further one, the task's giver does it.
    if (!ThreadElsewhere::start([this] { work(); })) return;
    ++threads_;
    ++idle_;
  }

  [[noreturn]] void work() {
    take_thread_memory();
    std::unique_lock hold(lock_);
    for (;;) {
      changed_.wait(hold, [&] { return !tasks_.empty(); });
      const std::shared_ptr<Task> task = std::move(tasks_.front());
      tasks_.pop_front();
      --idle_;
      hold.unlock();
      task->run();
      hold.lock();
      ++idle_;
    }
  }

  std::mutex lock_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<Task>> tasks_;
  size_t threads_ = 0;
  size_t idle_ = 0;
};

// A process that was forked from this one has none of its threads. Never destroyed: threads wait in
// it.
Pool& pool() {
  static std::mutex lock;
  static Pool* current = nullptr;
  static pid_t owner = 0;
  const std::lock_guard hold(lock);
  if (owner != ::getpid()) {
    current = new Pool;
    owner = ::getpid();
  }
  return *current;
}

// Runs `worker` on that many threads, this one among them, and waits for all that have begun.
void on_threads(size_t count, const std::function<void()>& worker) {
  std::vector<std::shared_ptr<Task>> tasks;
  for (size_t i = 1; i < count; ++i)
    tasks.push_back(begin_task(worker));
  worker();
  for (const std::shared_ptr<Task>& task : tasks)
    task->drop();
}

// The same, where each must have a thread of its own.
void on_own_threads(size_t count, const std::function<void()>& worker) {
  std::vector<std::thread> threads;
  try {
    for (size_t i = 1; i < count; ++i)
      threads.emplace_back(worker);
  } catch (const std::system_error&) {  // there is no further one
  }
  worker();
  for (std::thread& thread : threads)
    thread.join();
}

// Of the exceptions of several threads that of the first piece of the work, whichever came first.
class FirstException {
 public:
  explicit operator bool() const { return is_there_; }
  void keep_current(size_t piece) {
    const std::lock_guard hold(lock_);
    if (is_there_ && piece_ < piece) return;
    first_ = std::current_exception();
    piece_ = piece;
    is_there_ = true;
  }
  void raise() const {
    if (first_) std::rethrow_exception(first_);
  }

 private:
  std::atomic<bool> is_there_{false};
  std::exception_ptr first_;
  size_t piece_ = 0;
  std::mutex lock_;
};

using OnThreads = void(size_t count, const std::function<void()>& worker);

void for_each_on(OnThreads& run, size_t threads, size_t count,
                 const std::function<void(size_t)>& work) {
  std::atomic<size_t> next{0};
  FirstException exception;
  run(std::min(threads, count), [&] {
    for (size_t i; !exception && (i = next++) < count;) {
      try {
        work(i);
      } catch (...) {
        exception.keep_current(i);
      }
    }
  });
  exception.raise();
}

// Pieces that are found while others are done, and how many are being done.
class FoundPieces {
 public:
  FoundPieces(size_t known, const std::function<size_t(size_t)>& work)
      : known_(known), work_(work) {}

  // Does pieces until no further one can be found.
  void work() {
    std::unique_lock hold(lock_);
    for (;;) {
      changed_.wait(hold, [&] { return next_ < known_ || busy_ == 0; });
      if (next_ >= known_ || exception_) break;
      const size_t piece = next_++;
      ++busy_;
      hold.unlock();
      const size_t known = known_after(piece);
      hold.lock();
      known_ = std::max(known_, known);
      if (--busy_ == 0 || next_ < known_) changed_.notify_all();
    }
  }

  void raise() const { exception_.raise(); }

 private:
  size_t known_after(size_t piece) {
    try {
      return work_(piece);
    } catch (...) {
      exception_.keep_current(piece);
      return 0;
    }
  }

  size_t next_ = 0;
  size_t known_;
  size_t busy_ = 0;
  FirstException exception_;
  std::mutex lock_;
  std::condition_variable changed_;
  const std::function<size_t(size_t)>& work_;
};

}  // namespace

void for_each_parallel(size_t count, const std::function<void(size_t)>& work) {
  for_each_on(on_threads, processors(), count, work);
}

void for_each_part_parallel(size_t count, const std::function<void(size_t, size_t)>& work) {
  constexpr size_t kPart = 64;
  for_each_parallel((count + kPart - 1) / kPart,
                    [&](size_t part) { work(part * kPart, std::min(count, (part + 1) * kPart)); });
}

void for_each_found(size_t count, const std::function<size_t(size_t)>& work) {
  FoundPieces pieces(count, work);
  on_threads(processors(), [&] { pieces.work(); });
  pieces.raise();
}

void for_each_at_once(size_t count, const std::function<void(size_t)>& work) {
  for_each_on(on_own_threads, count, count, work);
}

std::shared_ptr<Task> begin_task(std::function<void()> work) {
  auto task = std::make_shared<Task>(std::move(work));
  pool().add(task);
  return task;
}

void finish_task(Task& task) {
  task.run();
  task.drop();
}

void drop_task(Task& task) {
  task.drop();
}

}  // namespace relmk::sys
