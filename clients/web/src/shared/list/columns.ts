import type { CSSProperties } from 'react';
import type { Column } from './types';

/** Where a column stands in each row, in pixels; the first one stands beside the checkbox. */
export type Place = Pick<CSSProperties, 'left' | 'width'>;

/** The room for the checkbox before the first column, in pixels. */
export const checkWidth = 36;

/** Columns with a width of their own keep it; the others share what is left, and are never narrower than they have to be. */
export function placesOf<Row>(columns: Column<Row>[], widths: Record<string, number>, room: number): { places: Place[]; width: number } {
  const own = columns.reduce((sum, { name }) => sum + (widths[name] ?? 0), 0);
  const shared = columns.reduce((sum, { name, width }) => sum + (widths[name] ? 0 : width), 0);
  const by = shared > 0 ? Math.max(1, (room - checkWidth - own) / shared) : 1;
  let left = checkWidth;
  const places = columns.map(({ name, width: narrowest }, i): Place => {
    const width = widths[name] ?? Math.floor(narrowest * by);
    left += width;
    return i === 0 ? { width } : { left: left - width, width };
  });
  return { places, width: left };
}
