/** What a small picture is written with. */
interface Picture {
  readonly width: number;
  readonly height: number;
  /** Read aloud in place of the picture. */
  readonly title: string;
  readonly description: string;
  readonly style: string;
}

export function titled(
  { width, height, title, description, style }: Picture,
  parts: readonly string[],
): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title desc">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="desc">${escaped(description)}</desc>`,
    `<style>${style}</style>`,
    `<rect class="back" width="${width}" height="${height}" rx="6"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

export function text(x: number, y: number, words: string, classes: string): string {
  return `<text x="${short(x)}" y="${short(y)}" class="${classes}">${escaped(words)}</text>`;
}

export function line(x1: number, y1: number, x2: number, y2: number, classes: string): string {
  return `<path d="M${short(x1)} ${short(y1)}L${short(x2)} ${short(y2)}" class="${classes}"/>`;
}

/** Level from each point to the next, then up or down. */
export function curvePath(points: readonly (readonly [number, number])[], classes: string): string {
  const [[x, y] = [0, 0], ...others] = points;
  const steps = others.map(([toX, toY]) => `H${short(toX)}V${short(toY)}`);
  return `<path d="M${short(x)} ${short(y)}${steps.join('')}" class="${classes}"/>`;
}

function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
