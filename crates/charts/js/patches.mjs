// What ECharts has to do differently here, as replacements in its sources while they are bundled.
// Each names the only place where its text occurs: an upgrade that moves it fails the build instead of the page.
import { fileURLToPath } from 'node:url';

const font = fileURLToPath(new URL('font.js', import.meta.url));

/** Text that is swapped: file in node_modules → pairs of [exact text, replacement]. */
const replacements = {
  // A strict Content-Security-Policy refuses style attributes: fonts become presentation attributes.
  'zrender/lib/svg/graphic.js': [
    ["import { getElementSSRData } from '../zrender.js';\n", `import { fontAttributes } from ${JSON.stringify(font)};\n`],
    ["var separatedFontStr = '';", ''],
    [
      'separatedFontStr += "font-size:" + fontSize + ";font-family:" + fontFamily + ";";',
      "attrs['font-size'] = fontSize; attrs['font-family'] = fontFamily;",
    ],
    ['separatedFontStr += "font-style:" + fontStyle + ";";', "attrs['font-style'] = fontStyle;"],
    ['separatedFontStr += "font-weight:" + fontWeight + ";";', "attrs['font-weight'] = fontWeight;"],
    ['attrs.style = separatedFontStr;', ''],
    ['attrs.style = "font: " + font;', 'Object.assign(attrs, fontAttributes(font));'],
    // Serves ECharts' own client for static charts, which Tidemark does without; half of the markup of a bar.
    ['var metaData = getElementSSRData(el);', 'var metaData;'],
  ],
  'zrender/lib/svg/core.js': [
    // Attribute values are written as they come, so a quoted font name would end its attribute.
    ['part += "=\\"" + val + "\\"";', 'part += "=\\"" + encodeHTML(val) + "\\"";'],
    // With a viewBox the drawing takes the size that the page gives it.
    ["'width': width,\n        'height': height,\n        'xmlns'", "'width': useViewBox ? false : width,\n        'height': useViewBox ? false : height,\n        'xmlns'"],
  ],
  // Drawings that meet on one page need ids of their own: `renderToString` takes a prefix for them.
  'zrender/lib/svg/Painter.js': [
    ['var scope = createBrushScope(this._id);', 'var scope = createBrushScope(opts.idPrefix || this._id);'],
    ['useViewBox: retrieve2(opts.useViewBox, true)', 'useViewBox: retrieve2(opts.useViewBox, true), idPrefix: opts.idPrefix'],
  ],
  // `var(--success)` cannot be made lighter here: hovering keeps the colour instead of losing it.
  'zrender/lib/tool/color.js': [
    ['liftedColor = lift(color, -0.1);', 'liftedColor = lift(color, -0.1) || color;'],
    ['color: lift(stop.color, -0.1)', 'color: lift(stop.color, -0.1) || stop.color'],
  ],
  // The height of a line would be the width of this character in the browser's fonts, so labels would jump by a pixel or
  // two when the live chart takes over. The server has no fonts and takes the size of the font; so does the browser now.
  'zrender/lib/contain/text.js': [
    ["platformApi.measureText('国', font).width", "+(/([\\d.]+)px/.exec(font) || [0, 12])[1]"],
  ],
  // HTML tooltips need inline styles, and charming cannot ask for the other kind.
  'echarts/lib/component/tooltip/TooltipModel.js': [["renderMode: 'auto'", "renderMode: 'richText'"]],
  'echarts/lib/util/model.js': [["if (renderModeOption === 'auto') {", "return 'richText';\n  if (renderModeOption === 'auto') {"]],
};

/** Modules that are left out: file in node_modules → what stands in for it. */
const substitutes = {
  'echarts/lib/component/tooltip/TooltipHTMLContent.js': 'export default class TooltipHTMLContent {}',
  'echarts/lib/theme/dark.js': 'export default {};',
  // A Chinese browser would otherwise draw something else than the server did.
  'echarts/lib/i18n/langZH.js': "export { default } from './langEN.js';",
};

/** The files that must be touched for a bundle to be whole. */
export const patchedFiles = [...Object.keys(replacements), ...Object.keys(substitutes)];

/**
 * The source of `file` as it goes into the bundle.
 * Throws when a text to be replaced does not occur exactly once.
 */
export function patch(file, source) {
  if (file in substitutes) {
    return substitutes[file];
  }
  return replacements[file].reduce((text, [from, to]) => {
    const parts = text.split(from);
    if (parts.length !== 2) {
      throw new Error(`patches.mjs: expected this once in ${file}, found it ${parts.length - 1} times: ${from}`);
    }
    return parts.join(to);
  }, source);
}
