// Used by the patched zrender: its text carries `style="font: …"`, which a strict Content-Security-Policy refuses.

const FONT = /^(?:(normal|italic|oblique)\s+)?(?:(normal|bold|bolder|lighter|\d+)\s+)?([\d.]+(?:px|em|rem)?)\s+(.+)$/;

/** The presentation attributes that say the same as a CSS `font` shorthand, such as `italic bold 12px sans-serif`. */
export function fontAttributes(font) {
  const [, style, weight, size, family] = FONT.exec(font.trim()) ?? [];
  if (!family) {
    return {};
  }
  const attributes = { 'font-size': size, 'font-family': family };
  if (style && style !== 'normal') {
    attributes['font-style'] = style;
  }
  if (weight && weight !== 'normal') {
    attributes['font-weight'] = weight;
  }
  return attributes;
}
