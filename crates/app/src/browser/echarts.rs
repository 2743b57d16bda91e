//! Live charts: the global `echarts` of the bundle in `crates/charts/js`, called by reflection, so that a page whose
//! bundle did not arrive keeps its drawings.

use js_sys::{Function, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Element, ResizeObserver};

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
    pub fn start(element: &Element) -> Result<Self, JsValue> {
        let echarts = Reflect::get(&js_sys::global(), &"echarts".into())?;
        let init: Function = Reflect::get(&echarts, &"init".into())?.dyn_into()?;
        let chart = init.call3(&echarts, element, &JsValue::NULL, &Object::new())?;
        let (resizing, room) = (chart.clone(), element.clone());
        let on_resize = Closure::<dyn Fn()>::new(move || {
            // Heard of first when nothing has changed yet. A chart that cannot be resized keeps its size.
            if !has_size(&resizing, &room).unwrap_or_default() {
                let _ = call(&resizing, "resize", &[]);
            }
        });
        let resized = ResizeObserver::new(on_resize.as_ref().unchecked_ref())?;
        resized.observe(element);
        Ok(Self { chart, resized, _on_resize: on_resize })
    }

    /// Draws an option with the next frame, which is a task of its own. A series that is not in it goes; a tooltip that is
    /// open stays.
    ///
    /// # Errors
    /// The script's exception.
    pub fn draw(&self, option: &Object) -> Result<(), JsValue> {
        let how = Object::new();
        Reflect::set(&how, &"replaceMerge".into(), &"series".into())?;
        Reflect::set(&how, &"lazyUpdate".into(), &JsValue::TRUE)?;
        call(&self.chart, "setOption", &[option, &how]).map(drop)
    }

    /// Calls `clicked` with the name of a series and a place in it, whenever somebody clicks there.
    ///
    /// # Errors
    /// The script's exception.
    pub fn on_click(&self, clicked: impl Fn(&JsValue, &JsValue) + 'static) -> Result<(), JsValue> {
        let get = |event: &JsValue, name: &str| Reflect::get(event, &name.into()).unwrap_or_default();
        let listener = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
            clicked(&get(&event, "seriesName"), &get(&event, "dataIndex"));
        });
        call(&self.chart, "on", &[&"click".into(), &listener.into_js_value()]).map(drop)
    }
}

impl Drop for LiveChart {
    fn drop(&mut self) {
        self.resized.disconnect();
        // Disposing of a chart that is gone does no harm.
        let _ = call(&self.chart, "dispose", &[]);
    }
}

/// Whether a chart is as large as its element.
fn has_size(chart: &JsValue, element: &Element) -> Result<bool, JsValue> {
    let (width, height) = (call(chart, "getWidth", &[])?, call(chart, "getHeight", &[])?);
    Ok(width == element.client_width() && height == element.client_height())
}

fn call(object: &JsValue, method: &str, arguments: &[&JsValue]) -> Result<JsValue, JsValue> {
    let method: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    let arguments: js_sys::Array = arguments.iter().copied().cloned().collect();
    method.apply(object, &arguments)
}
