//! The calls that a thread can be seen waiting in, numbered so that a mark fits into a fixed-size record.

macro_rules! calls {
    ($($number:literal $variant:ident $name:literal),* $(,)?) => {
        /// A call that a thread waits in. The numbers are part of the event log's layout.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        #[allow(missing_docs, clippy::allow_attributes, reason = "each variant is the call of the same name")]
        pub enum Call { $($variant = $number),* }

        impl Call {
            /// The call's name, as in its manual page or in the model.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Call::$variant => $name),* }
            }

            /// The call with this number, or `Other`.
            #[must_use]
            pub const fn from_number(number: u8) -> Call {
                match number { $($number => Call::$variant,)* _ => Call::Other }
            }
        }
    };
}

impl Call {
    /// Whether a Python function says it: then it is known in which line of the program, too.
    #[must_use]
    pub const fn is_python(self) -> bool {
        matches!(self as u8, 43..=46 | 48 | 50..=57)
    }

    /// Whether it writes or reads: what a thread does on a core in it is to move data.
    #[must_use]
    pub const fn moves_data(self) -> bool {
        matches!(self as u8, 18..=25 | 33..=36 | 42)
    }

    /// Whether a thread waits in it for a message, of which many may come, or for others to come as far as it is: it stands in no
    /// line for a lock.
    #[must_use]
    pub const fn is_for_news(self) -> bool {
        matches!(self as u8, 50..=51 | 53..=56)
    }

    /// Whether a thread waits in it for what other threads or processes do for it.
    #[must_use]
    pub const fn is_for_workers(self) -> bool {
        use Call::{
            FutureResult, Join, PyFuture, PyPool, PyProcessJoin, PyThreadJoin, RayonWait, ThreadJoin, Wait4, Waitid,
            Waitpid,
        };
        matches!(
            self,
            FutureResult
                | Join
                | PyFuture
                | PyPool
                | PyProcessJoin
                | PyThreadJoin
                | RayonWait
                | ThreadJoin
                | Wait4
                | Waitid
                | Waitpid
        )
    }
}

calls! {
    0 Other "a call that is not wrapped",
    1 CondTimedwait "pthread_cond_timedwait",
    2 CondWait "pthread_cond_wait",
    3 CondClockwait "pthread_cond_clockwait",
    4 MutexLock "pthread_mutex_lock",
    5 SemWait "sem_wait",
    6 SemTimedwait "sem_timedwait",
    7 SemClockwait "sem_clockwait",
    8 Join "pthread_join",
    9 Nanosleep "nanosleep",
    10 ClockNanosleep "clock_nanosleep",
    11 Usleep "usleep",
    12 Select "select",
    13 Pselect "pselect",
    14 Poll "poll",
    15 Ppoll "ppoll",
    16 EpollWait "epoll_wait",
    17 EpollPwait "epoll_pwait",
    18 Read "read",
    19 Write "write",
    20 Recv "recv",
    21 Recvfrom "recvfrom",
    22 Recvmsg "recvmsg",
    23 Send "send",
    24 Sendto "sendto",
    25 Sendmsg "sendmsg",
    26 Connect "connect",
    27 Accept "accept",
    28 Accept4 "accept4",
    29 Waitpid "waitpid",
    30 Wait4 "wait4",
    31 Waitid "waitid",
    32 Futex "futex",
    33 Readv "readv",
    34 Writev "writev",
    35 Pread "pread",
    36 Pwrite "pwrite",
    37 Fsync "fsync",
    38 Flock "flock",
    39 Getaddrinfo "getaddrinfo",
    40 Sleep "sleep",
    41 Sigwait "sigtimedwait",
    42 Sendfile "sendfile",
    43 PyThreadJoin "Thread.join",
    44 PyProcessJoin "Process.join",
    45 PyFuture "Future.result",
    46 PyPool "Pool.map",
    47 Terminal "the terminal",
    48 PyLock "Lock.acquire",
    50 PyCondition "Condition.wait",
    51 PyEvent "Event.wait",
    52 PySemaphore "Semaphore.acquire",
    53 PyBarrier "Barrier.wait",
    54 PyQueueGet "Queue.get",
    55 PyQueuePut "Queue.put",
    56 PyQueueJoin "Queue.join",
    57 PyImport "an import",
    64 GilTake "Gil::take",
    65 LockAcquire "Lock::acquire",
    66 RLockAcquire "RLock::acquire",
    67 EventWait "Event::wait",
    68 SemaphoreAcquire "Semaphore::acquire",
    69 ConditionWait "Condition::wait",
    70 QueueGet "Queue::get",
    71 QueuePut "Queue::put",
    72 ThreadJoin "Thread::join",
    73 RayonWait "rayon::scope",
    74 WorkGet "the pool's queue",
    75 FutureResult "Future::result",
}
