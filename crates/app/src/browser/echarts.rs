//! Live charts: the global `echarts` of the bundle in `crates/charts/js`, called by reflection, so that a page whose
//! bundle did not arrive keeps its drawings.

use js_sys::{Function, JSON, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{HtmlElement, ResizeObserver};

/// A chart that follows its element's size.
pub struct LiveChart {
    chart: JsValue,
    resized: ResizeObserver,
    _on_resize: Closure<dyn Fn()>,
}

impl LiveChart {
    /// Starts a chart in an element that has a size.
    ///
    /// # Errors
    /// The script's exception, also when the bundle is not there.
    pub fn start(element: &HtmlElement) -> Result<Self, JsValue> {
        let echarts = Reflect::get(&js_sys::global(), &"echarts".into())?;
        let init: Function = Reflect::get(&echarts, &"init".into())?.dyn_into()?;
        let chart = init.call3(&echarts, element, &JsValue::NULL, &Object::new())?;
        let resizing = chart.clone();
        let on_resize = Closure::<dyn Fn()>::new(move || {
            // A chart that cannot be resized keeps its size.
            let _ = call(&resizing, "resize", &JsValue::UNDEFINED);
        });
        let resized = ResizeObserver::new(on_resize.as_ref().unchecked_ref())?;
        resized.observe(element);
        Ok(Self { chart, resized, _on_resize: on_resize })
    }

    /// Draws an option, given as JSON.
    ///
    /// # Errors
    /// The script's exception.
    pub fn draw(&self, option: &str) -> Result<(), JsValue> {
        call(&self.chart, "setOption", &JSON::parse(option)?)
    }
}

impl Drop for LiveChart {
    fn drop(&mut self) {
        self.resized.disconnect();
        // Disposing of a chart that is gone does no harm.
        let _ = call(&self.chart, "dispose", &JsValue::UNDEFINED);
    }
}

fn call(object: &JsValue, method: &str, argument: &JsValue) -> Result<(), JsValue> {
    let method: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    method.call1(object, argument).map(drop)
}
