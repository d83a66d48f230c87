import { Checkbox } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useLetterKeys } from '@/shared/letterKeys';
import type { Editing } from '@/shared/record/types';
import classes from './Grid.module.css';
import { GridRow, type RowActions } from './GridRow';
import type { Column, Lines } from './types';

/** How cells are edited, and of which rows. */
export interface CellEditing<Row extends { id: string; version: number }> { editing: Editing<Row>; may: (row: Row) => boolean }

const narrowest = 60;

/** Rows that are drawn above and below those that are seen. */
const overscan = 8;

/** A record is asked for when the pointer or the active row rests on it so long, in milliseconds: not each one that passes by while one scrolls. */
const rest = 80;

/** So many rows before the end of those that are there, further ones are asked for; more where one is going on already. */
const ahead = (loaded: number) => loaded > 100 ? 150 : 30;

interface Props<Row extends { id: string; version: number }> {
  rows: Row[]; total: number | null; columns: Column<Row>[]; density: string; phone: boolean; sort: string; onSort: (column: string) => void;
  selected: ReadonlySet<string>; onSelect: (next: ReadonlySet<string>) => void; onOpen: (row: Row) => void; onEnd: () => void; onSight: (first: number, last: number) => void;
  stale: boolean; place: string; label: string; onKey: Record<string, () => void>; address: (row: Row) => string; lines: (row: Row) => Lines; isUnread?: (row: Row) => boolean; prefetch: (id: string) => void;
  widths: Record<string, number>; onWidth: (column: string, width: number) => void; edit?: CellEditing<Row>;
}

/** Where each list was left, so that going back finds it there. */
const places = new Map<string, { offset: number; active: number }>();

/** The rows of a list, as many as fit; one of them is active and answers to keys. */
export function Grid<Row extends { id: string; version: number }>({ rows, total, columns, density, phone, sort, onSort, selected, onSelect, onOpen, onEnd, onSight, stale, place, label, onKey, address, lines, isUnread, prefetch, widths, onWidth, edit }: Props<Row>) {
  const box = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(() => places.get(place)?.active ?? 0);
  const [anchor, setAnchor] = useState(0);
  const [letters] = useLetterKeys();
  const height = phone ? 60 : density === 'compact' ? 28 : 36;
  const looking = useRef(0);
  const [edited, setEdited] = useState<{ id: string; column: string } | null>(null);
  const editable = edit ? columns.filter((column) => column.field) : [];
  const [cell, setCell] = useState(0);
  const cellAt = editable[Math.min(cell, editable.length - 1)]?.name;
  const widthOf = (column: Column<Row>) => widths[column.name] ?? column.width;
  const template = `36px ${columns.map((column) => widths[column.name] ? `${widths[column.name]}px` : `minmax(${column.width}px, ${column.width}fr)`).join(' ')}`;
  const width = 36 + columns.reduce((sum, column) => sum + widthOf(column), 0);

  const virtual = useVirtualizer({
    count: rows.length, getScrollElement: () => box.current, estimateSize: () => height, overscan, scrollMargin: 0,
    paddingStart: phone ? 0 : 32, scrollPaddingStart: phone ? 0 : 32, initialOffset: places.get(place)?.offset ?? 0,
  });
  const shown = virtual.getVirtualItems();
  // Where it was left, until it is known what fits.
  const firstShown = shown[0]?.index ?? Math.floor((places.get(place)?.offset ?? 0) / height);
  const lastShown = shown.at(-1)?.index ?? firstShown;
  // Rows that leave make room for those that come: their elements are filled anew instead of being made anew. One that is being edited keeps its own.
  const pool = Math.ceil((virtual.scrollRect?.height ?? 0) / height) + 2 * overscan + 2;

  useLayoutEffect(() => virtual.measure(), [height, virtual]);
  useEffect(() => { if (lastShown >= rows.length - ahead(rows.length)) onEnd(); }, [lastShown, rows.length, onEnd]);
  useEffect(() => onSight(firstShown, lastShown), [firstShown, lastShown, onSight]);
  useEffect(() => () => void places.set(place, { offset: box.current?.scrollTop ?? virtual.scrollOffset ?? 0, active }), [place, active, virtual]);
  useEffect(() => { box.current?.focus({ preventScroll: true }); }, [place]);
  useEffect(() => () => clearTimeout(looking.current), []);

  function go(to: number) {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setActive(next);
    virtual.scrollToIndex(next);
    look(next);
  }

  function look(index: number) {
    const row = rows[index];
    clearTimeout(looking.current);
    if (row) looking.current = window.setTimeout(() => prefetch(row.id), rest);
  }

  function select(index: number, upTo: boolean) {
    const next = new Set(selected);
    if (upTo) for (let i = Math.min(anchor, index); i <= Math.max(anchor, index); i++) next.add(rows[i]!.id);
    else if (!next.delete(rows[index]!.id)) next.add(rows[index]!.id);
    setAnchor(index);
    onSelect(next);
  }

  function begin(row: Row | undefined, column: string | undefined) {
    if (row && column && edit?.may(row)) setEdited({ id: row.id, column });
  }

  /** Saved or left: on to the next cell of the row that can be edited, or back to the list. */
  function done(step: -1 | 0 | 1) {
    const at = editable.findIndex((column) => column.name === edited?.column);
    const next = step === 0 ? undefined : editable[at + step];
    if (next) setCell(at + step);
    setEdited(next && edited ? { id: edited.id, column: next.name } : null);
    if (!next) box.current?.focus({ preventScroll: true });
  }

  // What a row may ask for, the same object all the time: a row is drawn anew only when something about it has changed.
  const now: RowActions = {
    open: (index) => { setActive(index); onOpen(rows[index]!); },
    look,
    select: (index, upTo) => { setActive(index); select(index, upTo); },
    mayEdit: (index) => edit?.may(rows[index]!) ?? false,
    edit: (index, column) => { setActive(index); setCell(editable.findIndex((one) => one.name === column)); begin(rows[index], column); },
    done,
  };
  const latest = useRef(now);
  useLayoutEffect(() => { latest.current = now; });
  const actions = useMemo<RowActions>(() => ({
    open: (index) => latest.current.open(index), look: (index) => latest.current.look(index), select: (index, upTo) => latest.current.select(index, upTo), mayEdit: (index) => latest.current.mayEdit(index),
    edit: (index, column) => latest.current.edit(index, column), done: (step) => latest.current.done(step),
  }), []);

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    if (event.target !== box.current || event.ctrlKey || event.metaKey || event.altKey) return;
    const letter = letters ? event.key : event.key.length > 1 ? event.key : '';
    switch (letter) {
      case 'j': case 'ArrowDown': go(active + 1); break;
      case 'k': case 'ArrowUp': go(active - 1); break;
      case 'PageDown': go(active + 15); break;
      case 'PageUp': go(active - 15); break;
      case 'Home': go(0); break;
      case 'End': go(rows.length - 1); break;
      case 'Enter': onOpen(rows[active]!); break;
      case 'ArrowRight': if (editable.length === 0) return; setCell(Math.min(editable.length - 1, cell + 1)); break;
      case 'ArrowLeft': if (editable.length === 0) return; setCell(Math.max(0, cell - 1)); break;
      case 'e': case 'F2': begin(rows[active], cellAt); break;
      case 'x': case ' ': select(active, false); break;
      case 'X': select(active, true); break;
      case 'Escape': if (selected.size === 0) return; onSelect(new Set()); break;
      default: if (!onKey[letter]) return; onKey[letter]!();
    }
    event.preventDefault();
  }

  const all = rows.length > 0 && rows.every((row) => selected.has(row.id));
  return (
    <div ref={box} className={classes.box} role="grid" aria-label={label} aria-rowcount={total !== null && total <= 10_000 ? total + 1 : -1} aria-multiselectable tabIndex={0} aria-busy={stale} data-stale={stale || undefined}
      aria-activedescendant={shown.some((item) => item.index === active) ? `row-${active}` : undefined} onKeyDown={onKeyDown}>
      <div className={classes.all} role="rowgroup" style={{ height: virtual.getTotalSize(), minWidth: phone ? undefined : width }}>
        {!phone && (
          <div className={classes.head} role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
            <span role="columnheader" className={classes.check}><Checkbox size="xs" checked={all} indeterminate={!all && selected.size > 0} onChange={() => onSelect(all ? new Set() : new Set(rows.map((row) => row.id)))} aria-label="Select all rows that are loaded" /></span>
            {columns.map((column) => <Head key={column.name} column={column} sort={sort} onSort={onSort} width={widths[column.name]} onWidth={(next) => onWidth(column.name, next)} />)}
          </div>
        )}
        {shown.map(({ index, start }) => {
          const row = rows[index]!;
          return (
            <GridRow key={edited?.id === row.id ? row.id : index % pool} row={row} index={index} start={start} height={height} template={template} columns={columns} phone={phone} isActive={index === active} isSelected={selected.has(row.id)} isUnread={isUnread?.(row) ?? false}
              cell={index === active ? cellAt : undefined} edited={edited?.id === row.id ? edited.column : undefined} editing={edit?.editing} lines={lines} address={address} actions={actions} />
          );
        })}
      </div>
    </div>
  );
}

function Head<Row>({ column, sort, onSort, width, onWidth }: { column: Column<Row>; sort: string; onSort: (column: string) => void; width?: number; onWidth: (width: number) => void }) {
  const head = useRef<HTMLSpanElement>(null);
  const put = (next: number) => onWidth(Math.max(narrowest, Math.round(next)));
  const now = () => width ?? head.current!.offsetWidth;

  function drag(event: PointerEvent<HTMLElement>) {
    const [from, before, handle] = [event.clientX, now(), event.currentTarget];
    handle.setPointerCapture(event.pointerId);
    handle.onpointermove = (moved) => put(before + moved.clientX - from);
    handle.onpointerup = handle.onpointercancel = () => { handle.onpointermove = null; };
  }

  const down = sort === `-${column.sort}`;
  const up = sort === column.sort;
  return (
    <span ref={head} role="columnheader" className={classes.cell} data-right={column.right || undefined} aria-sort={column.sort ? up ? 'ascending' : down ? 'descending' : 'none' : undefined}>
      {column.sort ? <button type="button" className={classes.sort} onClick={() => onSort(column.sort!)}
        onKeyDown={(event) => { if (event.shiftKey && (event.key === 'ArrowRight' || event.key === 'ArrowLeft')) { event.preventDefault(); put(now() + (event.key === 'ArrowRight' ? 16 : -16)); } }}>{column.label}{up ? <IconArrowUp size={13} aria-hidden /> : down ? <IconArrowDown size={13} aria-hidden /> : null}</button> : column.label}
      <span className={classes.handle} aria-hidden title="Drag to make it wider or narrower" onPointerDown={drag} />
    </span>
  );
}
