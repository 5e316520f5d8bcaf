/** Shapes of the world cut into squares of degrees, and written small. */

export type Point = [number, number];
export type Path = Point[];

/** West, south, east, north. */
export type Box = [number, number, number, number];

const EDGES: [0 | 1, 1 | -1, 0 | 1 | 2 | 3][] = [
  [0, 1, 0],
  [0, -1, 2],
  [1, 1, 1],
  [1, -1, 3],
];

/** What of a ring lies in the box (Sutherland and Hodgman): edges along the box are invisible,
 * because only the fill of a ring is drawn. */
export function ringIn(ring: Path, box: Box): Path {
  let left = ring;
  for (const [axis, sign, side] of EDGES) {
    const limit = box[side];
    const isIn = (point: Point) => (point[axis] - limit) * sign >= 0;
    if (left.every(isIn)) continue;
    const next: Path = [];
    for (let at = 0; at < left.length; at++) {
      const [from, to] = [left.at(at - 1) as Point, left[at] as Point];
      if (isIn(from) !== isIn(to)) next.push(crossing(from, to, axis, limit));
      if (isIn(to)) next.push(to);
    }
    left = next;
  }
  return left;
}

function crossing(from: Point, to: Point, axis: 0 | 1, limit: number): Point {
  const part = (limit - from[axis]) / (to[axis] - from[axis]);
  const other = axis === 0 ? 1 : 0;
  const across = from[other] + part * (to[other] - from[other]);
  return axis === 0 ? [limit, across] : [across, limit];
}

/** A line in pieces, one for each square that it passes; neighbours share the point between. */
export function linePieces(line: Path, squareOf: (point: Point) => string): [string, Path][] {
  const pieces: [string, Path][] = [];
  for (let at = 1; at < line.length; at++) {
    const [from, to] = [line[at - 1] as Point, line[at] as Point];
    const square = squareOf([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]);
    const last = pieces.at(-1);
    if (last?.[0] === square) last[1].push(to);
    else pieces.push([square, [from, to]]);
  }
  return pieces;
}

/** Whole parts of degrees, each point as its difference from the one before. */
export function packed(path: Path, parts: number): number[] {
  const numbers: number[] = [];
  let [x, y] = [0, 0];
  for (const [lng, lat] of path) {
    const [nextX, nextY] = [Math.round(lng * parts), Math.round(lat * parts)];
    if (numbers.length && nextX === x && nextY === y) continue;
    numbers.push(nextX - x, nextY - y);
    [x, y] = [nextX, nextY];
  }
  return numbers;
}
