// What an engine evaluates before the bundle of ECharts: the few things of a browser that ECharts asks for, and `draw`.

// QuickJS has no timers, and a chart that is drawn once needs none.
globalThis.setTimeout = globalThis.setInterval = () => 0;
globalThis.clearTimeout = globalThis.clearInterval = () => {};

// Neither XML nor every browser takes these characters; they stand for nothing that can be seen.
const UNWRITABLE = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

/** Paths that follow one another and look the same, as one: a browser then has a shape for each series, not for each bar. */
const merged = (svg) =>
  svg.replace(/<path d="[^"]*"([^>]*)><\/path>(?:\n<path d="[^"]*"\1><\/path>)+/g, (paths, look) => {
    const shapes = [...paths.matchAll(/ d="([^"]*)"/g)].map(([, shape]) => shape);
    return `<path d="${shapes.join('')}"${look}></path>`;
  });

/**
 * The SVG of a chart without styles, classes or animations.
 * `idPrefix` begins every id in it, `optionJson` is an ECharts option, `width` and `height` are its viewBox.
 */
globalThis.draw = (idPrefix, optionJson, width, height) => {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    const option = JSON.parse(optionJson);
    chart.setOption(option);
    const series = [].concat(option.series ?? []);
    if (chart.getModel().getSeriesCount() !== series.length) {
      // ECharts itself would leave them out without a word.
      const types = [...new Set(series.map(({ type }) => type))].join(', ');
      throw new Error(`the bundle of ECharts lacks a type of series: one of ${types}`);
    }
    const svg = chart.getZr().painter.renderToString({ idPrefix, cssAnimation: false, cssEmphasis: false });
    return merged(svg).toWellFormed().replace(UNWRITABLE, '\ufffd');
  } finally {
    chart.dispose();
  }
};
