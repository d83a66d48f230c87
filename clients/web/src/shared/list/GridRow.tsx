import { lazy, memo, Suspense } from 'react';
import type { Editing } from '@/shared/record/types';
import type { Place } from './columns';
import classes from './Grid.module.css';
import type { Column, Lines } from './types';

const CellEditor = lazy(() => import('./CellEditor')) as typeof import('./CellEditor').default;

interface Props<Row extends { id: string; version: number }> {
  row: Row; index: number; top: number; columns: Column<Row>[]; places: Place[]; phone: boolean; isActive: boolean; isSelected: boolean; isUnread: boolean;
  /** The column that keys edit, and the one that is being edited. */
  cell?: string; edited?: string; editing?: Editing<Row>; onDone: (step: -1 | 0 | 1) => void; lines: (row: Row) => Lines; address: (row: Row) => string;
}

function Row<R extends { id: string; version: number }>({ row, index, top, columns, places, phone, isActive, isSelected, isUnread, cell, edited, editing, onDone, lines, address }: Props<R>) {
  const { title, badge, subtitle, aside } = lines(row);
  const name = <a className={classes.name} href={address(row)} tabIndex={-1}>{title}{isUnread && <span className="seen-by-readers"> (unread)</span>}</a>;
  return (
    <div id={`row-${index}`} role="row" aria-rowindex={index + 2} aria-selected={isSelected} data-active={isActive || undefined} data-unread={isUnread || undefined} className={phone ? classes.card : classes.row} style={{ top }}>
      <span role="gridcell" className={classes.check}><span role="checkbox" aria-checked={isSelected} aria-label={`Select ${title}`} className={classes.box16} /></span>
      {phone ? (
        <span role="gridcell" className={classes.lines}>
          <span className={classes.line}><span className="nowrap">{name}</span>{badge && <span className={classes.badge}>{badge}</span>}</span>
          <span className={classes.line}><span className="nowrap muted">{subtitle}</span><span className="muted small nowrap">{aside}</span></span>
        </span>
      ) : columns.map((column, i) => (
        <span key={column.name} role="gridcell" className={i === 0 ? `${classes.cell} ${classes.first}` : classes.cell} style={places[i]} data-column={column.name} data-right={column.right || undefined} data-edit={(editing && column.field) ? '' : undefined} data-cell={column.name === cell || undefined}>
          {i === 0 ? name : column.show(row)}
          {edited === column.name && <Suspense><CellEditor key={column.name} row={row} field={column.field!} editing={editing!} onDone={onDone} /></Suspense>}
        </span>
      ))}
    </div>
  );
}

/**
 * A row of a list, drawn anew only when something about it has changed: moving on by key touches two of them. It is plain elements with text in them, and what is done in it is heard by the
 * list: a row that scrolls by costs its words and nothing else.
 */
export const GridRow = memo(Row) as typeof Row;
