//! What keys, clicks and the ends of runs do on a desk. One file a concern: [`reading`] turns pages, [`answering`]
//! takes answers to questions, [`gate`] predictions, [`choosing`] what runs, [`running`] runs and explains,
//! [`timeline`] moves the window on time, [`making`] is the task, [`proof`] an interview's proof.

pub mod answering;
pub mod choosing;
pub mod gate;
pub mod making;
pub mod proof;
pub mod reading;
pub mod running;
pub mod timeline;
