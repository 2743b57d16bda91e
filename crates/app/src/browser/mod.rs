//! What happens in the browser alone: the stream of events, the ticking clock, live charts. On the server all of it rests.

pub mod echarts;
pub mod live;
