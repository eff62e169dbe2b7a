//! The list of twins: a line each. To add one, write it beside its Python program and name it here.

use crate::native::Py;
use std::process::{ExitCode, Termination};

/// A lesson's program in Rust.
#[derive(Debug, Clone, Copy)]
pub struct Twin {
    /// The lesson's folder, such as `02-gil`.
    pub lesson: &'static str,
    /// The program's name, such as `threads`.
    pub program: &'static str,
    /// Its `main`, as the main thread of an interpreter.
    pub(super) main: fn(&Py) -> ExitCode,
}

macro_rules! twins {
    ($($lesson:literal $program:ident $module:ident $path:literal;)*) => {
        $(#[path = $path] mod $module;)*

        /// All twins.
        #[must_use]
        pub fn twins() -> &'static [Twin] {
            &[$(Twin {
                lesson: $lesson,
                program: stringify!($program),
                main: |py| Termination::report($module::main(py)),
            }),*]
        }
    };
}

twins! {
    "01-welcome" sequential welcome_sequential "../../../lessons/01-welcome/sequential.rs";
    "01-welcome" threads welcome_threads "../../../lessons/01-welcome/threads.rs";
    "01-welcome" processes welcome_processes "../../../lessons/01-welcome/processes.rs";
    "02-gil" sequential gil_sequential "../../../lessons/02-gil/sequential.rs";
    "02-gil" threads gil_threads "../../../lessons/02-gil/threads.rs";
    "02-gil" refcount gil_refcount "../../../lessons/02-gil/refcount.rs";
    "02-gil" processes gil_processes "../../../lessons/02-gil/processes.rs";
    "02-gil" interpreters gil_interpreters "../../../lessons/02-gil/interpreters.rs";
    "03-io" sequential io_sequential "../../../lessons/03-io/sequential.rs";
    "03-io" threads io_threads "../../../lessons/03-io/threads.rs";
    "03-io" processes io_processes "../../../lessons/03-io/processes.rs";
    "03-io" asyncio io_asyncio "../../../lessons/03-io/asyncio_tasks.rs";
    "04-inside-the-gil" quiet inside_quiet "../../../lessons/04-inside-the-gil/quiet.rs";
    "04-inside-the-gil" convoy inside_convoy "../../../lessons/04-inside-the-gil/convoy.rs";
    "04-inside-the-gil" long_call inside_long_call "../../../lessons/04-inside-the-gil/long_call.rs";
    "04-inside-the-gil" process inside_process "../../../lessons/04-inside-the-gil/process.rs";
    "05-native-code" sequential native_code_sequential "../../../lessons/05-native-code/sequential.rs";
    "05-native-code" threads native_code_threads "../../../lessons/05-native-code/threads.rs";
    "05-native-code" keeping native_code_keeping "../../../lessons/05-native-code/keeping.rs";
    "05-native-code" loading native_code_loading "../../../lessons/05-native-code/loading.rs";
    "06-threads" one_by_one threads_one_by_one "../../../lessons/06-threads/one_by_one.rs";
    "06-threads" together threads_together "../../../lessons/06-threads/together.rs";
    "06-threads" exception threads_exception "../../../lessons/06-threads/exception.rs";
    "06-threads" daemon threads_daemon "../../../lessons/06-threads/daemon.rs";
    "06-threads" cost threads_cost "../../../lessons/06-threads/cost.rs";
    "07-races-and-locks" naive races_naive "../../../lessons/07-races-and-locks/naive.rs";
    "07-races-and-locks" call races_call "../../../lessons/07-races-and-locks/call.rs";
    "07-races-and-locks" wrong_lock races_wrong_lock "../../../lessons/07-races-and-locks/wrong_lock.rs";
    "07-races-and-locks" lock races_lock "../../../lessons/07-races-and-locks/lock.rs";
    "07-races-and-locks" seats races_seats "../../../lessons/07-races-and-locks/seats.rs";
    "07-races-and-locks" deposits races_deposits "../../../lessons/07-races-and-locks/deposits.rs";
    "09-deadlock" opposite deadlock_opposite "../../../lessons/09-deadlock/opposite.rs";
    "09-deadlock" ordered deadlock_ordered "../../../lessons/09-deadlock/ordered.rs";
    "09-deadlock" timeouts deadlock_timeouts "../../../lessons/09-deadlock/timeouts.rs";
    "09-deadlock" philosophers deadlock_philosophers "../../../lessons/09-deadlock/philosophers.rs";
    "09-deadlock" numbered deadlock_numbered "../../../lessons/09-deadlock/numbered.rs";
    "18-event-loop" sequential loop_sequential "../../../lessons/18-event-loop/sequential.rs";
    "18-event-loop" gather loop_gather "../../../lessons/18-event-loop/gather.rs";
    "18-event-loop" gather_error loop_gather_error "../../../lessons/18-event-loop/gather_error.rs";
    "18-event-loop" group_error loop_group_error "../../../lessons/18-event-loop/group_error.rs";
    "18-event-loop" race loop_race "../../../lessons/18-event-loop/race.rs";
    "19-thousands-of-requests" pool many_pool "../../../lessons/19-thousands-of-requests/pool.rs";
    "19-thousands-of-requests" threads many_threads "../../../lessons/19-thousands-of-requests/threads.rs";
    "19-thousands-of-requests" asyncio many_asyncio "../../../lessons/19-thousands-of-requests/asyncio_tasks.rs";
    "20-blocking-the-loop" blocking lag_blocking "../../../lessons/20-blocking-the-loop/blocking.rs";
    "20-blocking-the-loop" threads lag_threads "../../../lessons/20-blocking-the-loop/threads.rs";
    "20-blocking-the-loop" pieces lag_pieces "../../../lessons/20-blocking-the-loop/pieces.rs";
    "20-blocking-the-loop" processes lag_processes "../../../lessons/20-blocking-the-loop/processes.rs";
    "08-rlock" lock rlock_lock "../../../lessons/08-rlock/lock.rs";
    "08-rlock" rlock rlock_rlock "../../../lessons/08-rlock/rlock.rs";
    "08-rlock" tree rlock_tree "../../../lessons/08-rlock/tree.rs";
    "08-rlock" owner rlock_owner "../../../lessons/08-rlock/owner.rs";
    "13-queues" shared queues_shared "../../../lessons/13-queues/shared.rs";
    "13-queues" sentinels queues_sentinels "../../../lessons/13-queues/sentinels.rs";
    "13-queues" bounded queues_bounded "../../../lessons/13-queues/bounded.rs";
    "13-queues" no_end queues_no_end "../../../lessons/13-queues/no_end.rs";
    "13-queues" shutdown queues_shutdown "../../../lessons/13-queues/shutdown.rs";
    "14-processes" threads memory_threads "../../../lessons/14-processes/threads.rs";
    "14-processes" processes memory_processes "../../../lessons/14-processes/processes.rs";
    "15-pools" loop pools_loop "../../../lessons/15-pools/loop.rs";
    "15-pools" pool pools_pool "../../../lessons/15-pools/pool.rs";
    "15-pools" chunks pools_chunks "../../../lessons/15-pools/chunks.rs";
    "15-pools" start pools_start "../../../lessons/15-pools/start.rs";
    "10-events" event events_event "../../../lessons/10-events/event.rs";
    "10-events" polling events_polling "../../../lessons/10-events/polling.rs";
    "10-events" stop events_stop "../../../lessons/10-events/stop.rs";
    "10-events" letters events_letters "../../../lessons/10-events/letters.rs";
    "11-semaphores" sequential semaphores_sequential "../../../lessons/11-semaphores/sequential.rs";
    "11-semaphores" semaphore semaphores_semaphore "../../../lessons/11-semaphores/semaphore.rs";
    "11-semaphores" over_release semaphores_over_release "../../../lessons/11-semaphores/over_release.rs";
    "11-semaphores" bounded semaphores_bounded "../../../lessons/11-semaphores/bounded.rs";
    "12-conditions" polling conditions_polling "../../../lessons/12-conditions/polling.rs";
    "12-conditions" wait_if conditions_wait_if "../../../lessons/12-conditions/wait_if.rs";
    "12-conditions" wait_while conditions_wait_while "../../../lessons/12-conditions/wait_while.rs";
    "12-conditions" too_early conditions_too_early "../../../lessons/12-conditions/too_early.rs";
    "12-conditions" buffer conditions_buffer "../../../lessons/12-conditions/buffer.rs";
    "17-futures" threads futures_threads "../../../lessons/17-futures/threads.rs";
    "17-futures" processes futures_processes "../../../lessons/17-futures/processes.rs";
    "17-futures" order futures_order "../../../lessons/17-futures/order.rs";
    "17-futures" errors futures_errors "../../../lessons/17-futures/errors.rs";
    "17-futures" nested futures_nested "../../../lessons/17-futures/nested.rs";
    "22-beyond-the-gil" sequential beyond_sequential "../../../lessons/22-beyond-the-gil/sequential.rs";
    "22-beyond-the-gil" threads beyond_threads "../../../lessons/22-beyond-the-gil/threads.rs";
    "22-beyond-the-gil" one_list beyond_one_list "../../../lessons/22-beyond-the-gil/one_list.rs";
    "22-beyond-the-gil" interpreters beyond_interpreters "../../../lessons/22-beyond-the-gil/interpreters.rs";
}
