// The parts of ECharts that Tidemark draws with. One script draws the charts in browsers and, inside QuickJS, on the server.
import { init, use } from 'echarts/core';
import { BarChart, HeatmapChart, LineChart } from 'echarts/charts';
import { GridComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, HeatmapChart, LineChart, GridComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

// The namespace that charming's `wasm` renderer calls. It names no renderer, and only SVG understands CSS variables.
globalThis.echarts = {
  init: (element, theme, options) => init(element, theme, { ...options, renderer: 'svg' }),
};
