import { lazy, memo, Suspense } from 'react';
import { Link } from 'react-router';
import type { Editing } from '@/shared/record/types';
import classes from './Grid.module.css';
import type { Column, Lines } from './types';

const CellEditor = lazy(() => import('./CellEditor')) as typeof import('./CellEditor').default;

/** What happens in a row. */
export interface RowActions {
  open: (index: number) => void; look: (index: number) => void; select: (index: number, upTo: boolean) => void;
  mayEdit: (index: number) => boolean; edit: (index: number, column: string) => void; done: (step: -1 | 0 | 1) => void;
}

interface Props<Row extends { id: string; version: number }> {
  row: Row; index: number; start: number; height: number; template: string; columns: Column<Row>[]; phone: boolean; isActive: boolean; isSelected: boolean; isUnread: boolean;
  /** The column that keys edit, and the one that is being edited. */
  cell?: string; edited?: string; editing?: Editing<Row>; lines: (row: Row) => Lines; address: (row: Row) => string; actions: RowActions;
}

/** How near to its right edge a cell is edited by a click: where the pencil is. */
const pencil = 24;

function Row<R extends { id: string; version: number }>({ row, index, start, height, template, columns, phone, isActive, isSelected, isUnread, cell, edited, editing, lines, address, actions }: Props<R>) {
  const { title, badge, subtitle, aside } = lines(row);
  const props = {
    id: `row-${index}`, role: 'row', 'aria-rowindex': index + 2, 'aria-selected': isSelected, 'data-active': isActive || undefined, 'data-unread': isUnread || undefined,
    onClick: () => actions.open(index), onMouseEnter: () => actions.look(index),
  };
  const check = (
    <span role="gridcell" className={classes.check} onClick={(event) => event.stopPropagation()}>
      <input type="checkbox" className={classes.box16} tabIndex={-1} checked={isSelected} onChange={() => {}} onClick={(event) => actions.select(index, event.shiftKey)} aria-label={`Select ${title}`} />
    </span>
  );
  return phone ? (
    <div {...props} className={classes.card} style={{ height, transform: `translateY(${start}px)` }}>
      {check}
      <span role="gridcell" className={classes.lines}>
        <span className={classes.line}><Link className="nowrap" to={address(row)} tabIndex={-1} onClick={(event) => event.stopPropagation()}>{title}</Link>{badge && <span className={classes.badge}>{badge}</span>}</span>
        <span className={classes.line}><span className="nowrap muted">{subtitle}</span><span className="muted small nowrap">{aside}</span></span>
      </span>
    </div>
  ) : (
    <div {...props} className={classes.row} style={{ height, transform: `translateY(${start}px)`, gridTemplateColumns: template }}>
      {check}
      {columns.map((column, i) => {
        const isEditable = !!editing && !!column.field;
        return (
          <span key={column.name} role="gridcell" className={classes.cell} data-right={column.right || undefined} data-edit={isEditable ? '' : undefined} data-cell={column.name === cell || undefined}
            onClick={isEditable ? (event) => { if (event.currentTarget.getBoundingClientRect().right - event.clientX <= pencil && actions.mayEdit(index)) { event.stopPropagation(); actions.edit(index, column.name); } } : undefined}>
            {i === 0 ? <Link className="nowrap" to={address(row)} tabIndex={-1} title={title} onClick={(event) => event.stopPropagation()}>{title}{isUnread && <span className="seen-by-readers"> (unread)</span>}</Link> : column.show(row)}
            {edited === column.name && <Suspense><CellEditor key={column.name} row={row} field={column.field!} editing={editing!} onDone={actions.done} /></Suspense>}
          </span>
        );
      })}
    </div>
  );
}

/** A row of a list, drawn anew only when something about it has changed: moving on by key touches two of them. */
export const GridRow = memo(Row) as typeof Row;
