import { Checkbox } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { memo, useRef, type PointerEvent } from 'react';
import type { Place } from './columns';
import classes from './Grid.module.css';
import type { Column } from './types';

const narrowest = 60;

interface Props<Row> {
  columns: Column<Row>[]; places: Place[]; sort: string; onSort: (column: string) => void; onWidth: (column: string, width: number) => void;
  chosen: 'none' | 'some' | 'all'; onAll: () => void;
}

function HeadRow<Row>({ columns, places, sort, onSort, onWidth, chosen, onAll }: Props<Row>) {
  return (
    <div className={classes.head} role="row" aria-rowindex={1}>
      <span role="columnheader" className={classes.check}><Checkbox size="xs" checked={chosen === 'all'} indeterminate={chosen === 'some'} onChange={onAll} aria-label="Select all rows that are loaded" /></span>
      {columns.map((column, i) => <Head key={column.name} column={column} place={places[i]!} isFirst={i === 0} sort={sort} onSort={onSort} onWidth={onWidth} />)}
    </div>
  );
}

/** What stands above the rows: it is drawn anew only when something about it has changed, not with each row that scrolls by. */
export const GridHead = memo(HeadRow) as typeof HeadRow;

function Head<Row>({ column, place, isFirst, sort, onSort, onWidth }: { column: Column<Row>; place: Place; isFirst: boolean; sort: string; onSort: (column: string) => void; onWidth: (column: string, width: number) => void }) {
  const head = useRef<HTMLSpanElement>(null);
  const put = (next: number) => onWidth(column.name, Math.max(narrowest, Math.round(next)));
  const now = () => head.current!.offsetWidth;

  function drag(event: PointerEvent<HTMLElement>) {
    const [from, before, handle] = [event.clientX, now(), event.currentTarget];
    handle.setPointerCapture(event.pointerId);
    handle.onpointermove = (moved) => put(before + moved.clientX - from);
    handle.onpointerup = handle.onpointercancel = () => { handle.onpointermove = null; };
  }

  const down = sort === `-${column.sort}`;
  const up = sort === column.sort;
  return (
    <span ref={head} role="columnheader" className={isFirst ? `${classes.cell} ${classes.first}` : classes.cell} style={place} data-right={column.right || undefined} aria-sort={column.sort ? up ? 'ascending' : down ? 'descending' : 'none' : undefined}>
      {column.sort ? <button type="button" className={classes.sort} onClick={() => onSort(column.sort!)}
        onKeyDown={(event) => { if (event.shiftKey && (event.key === 'ArrowRight' || event.key === 'ArrowLeft')) { event.preventDefault(); put(now() + (event.key === 'ArrowRight' ? 16 : -16)); } }}>{column.label}{up ? <IconArrowUp size={13} aria-hidden /> : down ? <IconArrowDown size={13} aria-hidden /> : null}</button> : column.label}
      <span className={classes.handle} aria-hidden title="Drag to make it wider or narrower" onPointerDown={drag} />
    </span>
  );
}
