import { useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type MouseEvent } from 'react';
import { useLetterKeys } from '@/shared/letterKeys';
import type { Editing } from '@/shared/record/types';
import { exactly } from '@/shared/time';
import { placesOf } from './columns';
import classes from './Grid.module.css';
import { GridHead } from './GridHead';
import { GridRow } from './GridRow';
import type { Column, Lines } from './types';
import { useRowWindow } from './useRowWindow';

/** How cells are edited, and of which rows. */
export interface CellEditing<Row extends { id: string; version: number }> { editing: Editing<Row>; may: (row: Row) => boolean }

/** A record is asked for when the pointer or the active row rests on it so long, in milliseconds: not each one that passes by while one scrolls. */
const rest = 80;

/** So many rows before the end of those that are there, further ones are asked for; more where one is going on already. */
const ahead = (loaded: number) => loaded > 100 ? 150 : 30;

/** How near to its right edge a cell is edited by a click: where the pencil is. */
const pencil = 24;

const headHeight = 32;

interface Props<Row extends { id: string; version: number }> {
  rows: Row[]; total: number | null; columns: Column<Row>[]; density: string; phone: boolean; sort: string; onSort: (column: string) => void;
  selected: ReadonlySet<string>; onSelect: (next: ReadonlySet<string>) => void; onOpen: (row: Row) => void; onEnd: () => void; onSight: (first: number, last: number) => void;
  stale: boolean; place: string; label: string; onKey: Record<string, () => void>; address: (row: Row) => string; lines: (row: Row) => Lines; isUnread?: (row: Row) => boolean; prefetch: (id: string) => void;
  widths: Record<string, number>; onWidth: (column: string, width: number) => void; edit?: CellEditing<Row>;
}

/** Where each list was left, so that going back finds it there. */
const places = new Map<string, { offset: number; active: number }>();

/** The rows of a list, as many as fit; one of them is active and answers to keys. What is done in rows is heard here, so that a row is nothing but its words. */
export function Grid<Row extends { id: string; version: number }>({ rows, total, columns, density, phone, sort, onSort, selected, onSelect, onOpen, onEnd, onSight, stale, place, label, onKey, address, lines, isUnread, prefetch, widths, onWidth, edit }: Props<Row>) {
  const box = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(() => places.get(place)?.active ?? 0);
  const [anchor, setAnchor] = useState(0);
  const [letters] = useLetterKeys();
  const height = phone ? 60 : density === 'compact' ? 28 : 36;
  const above = phone ? 0 : headHeight;
  const looking = useRef(0);
  const hinted = useRef<HTMLElement | null>(null);
  const [edited, setEdited] = useState<{ id: string; column: string } | null>(null);
  const editable = edit ? columns.filter((column) => column.field) : [];
  const [cell, setCell] = useState(0);
  const cellAt = editable[Math.min(cell, editable.length - 1)]?.name;

  const { drawn, sight, width: room, at, reveal } = useRowWindow(box, { count: rows.length, height, above, begin: places.get(place)?.offset ?? 0 });
  const standing = useMemo(() => placesOf(columns, widths, room), [columns, widths, room]);

  useEffect(() => { if (sight.last >= rows.length - ahead(rows.length)) onEnd(); }, [sight.last, rows.length, onEnd]);
  useEffect(() => onSight(sight.first, sight.last), [sight.first, sight.last, onSight]);
  useEffect(() => () => void places.set(place, { offset: at.current.top, active }), [place, active, at]);
  // Whoever types is not interrupted: rows that come back under a search leave the focus to it.
  useEffect(() => { if (!document.activeElement?.matches('input, textarea, [role=dialog] *')) box.current?.focus({ preventScroll: true }); }, []);
  // Other rows, or in another order: from the first on.
  const shown = useRef(place);
  useEffect(() => {
    if (shown.current === place) return;
    shown.current = place;
    box.current!.scrollTop = 0;
    setActive(0);
  }, [place]);
  useEffect(() => () => clearTimeout(looking.current), []);
  // What a cell says on hover is not said of the next row that stands in the same place.
  useLayoutEffect(() => { hinted.current?.removeAttribute('title'); hinted.current = null; }, [drawn, rows]);

  function go(to: number) {
    const next = Math.max(0, Math.min(rows.length - 1, to));
    setActive(next);
    reveal(next);
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
    const from = editable.findIndex((column) => column.name === edited?.column);
    const next = step === 0 ? undefined : editable[from + step];
    if (next) setCell(from + step);
    setEdited(next && edited ? { id: edited.id, column: next.name } : null);
    if (!next) box.current?.focus({ preventScroll: true });
  }

  function onClick(event: MouseEvent) {
    const { index, row, column, element } = whereIs(event.target);
    if (!row || !element) return;
    const link = (event.target as Element).closest('a');
    // What is the browser's own: in another tab, and the like; or a link to elsewhere.
    if (link && (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || !link.classList.contains(classes.name!))) return;
    event.preventDefault();
    setActive(index);
    if (element.classList.contains(classes.check!)) select(index, event.shiftKey);
    else if (!link && column && element.dataset.edit !== undefined && element.getBoundingClientRect().right - event.clientX <= pencil && edit?.may(row)) {
      setCell(editable.findIndex((one) => one.name === column));
      begin(row, column);
    } else onOpen(row);
  }

  /** All of a text that may be cut, and the instant that "3 days ago" was. */
  function onMouseMove(event: MouseEvent) {
    const { index, row, element } = whereIs(event.target);
    if (!row || !element || element === hinted.current) return;
    hinted.current?.removeAttribute('title');
    hinted.current = element;
    const instant = element.querySelector('time')?.dateTime;
    const words = instant ? exactly(instant) : element.querySelector('[title]') ? '' : (element.querySelector('a')?.firstChild ?? element).textContent;
    if (words) element.title = words;
    look(index);
  }

  /** The row and the cell that something happens in. What lies in front of the list, as a cell's editor does, is not in them. */
  function whereIs(target: EventTarget) {
    const line = (target as Element).closest('[role=row][id]');
    const index = line && box.current?.contains(line) ? Number(line.getAttribute('aria-rowindex')) - 2 : -1;
    const element = index < 0 ? null : (target as Element).closest<HTMLElement>('[role=gridcell]');
    return { index, row: rows[index], element: element ?? (line as HTMLElement | null), column: element?.dataset.column };
  }

  // The same function all the time: a row is drawn anew only when something about it has changed.
  const latest = useRef({ done, onSort, onWidth, onAll });
  useLayoutEffect(() => { latest.current = { done, onSort, onWidth, onAll }; });
  const [steady] = useState(() => ({
    done: (step: -1 | 0 | 1) => latest.current.done(step), onSort: (column: string) => latest.current.onSort(column), onAll: () => latest.current.onAll(),
    onWidth: (column: string, width: number) => latest.current.onWidth(column, width),
  }));

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

  const isAll = rows.length > 0 && selected.size > 0 && rows.every((row) => selected.has(row.id));
  function onAll() { onSelect(isAll ? new Set() : new Set(rows.map((row) => row.id))); }
  const isActiveDrawn = drawn.some(({ index }) => index === active);
  return (
    <div ref={box} className={classes.box} role="grid" aria-label={label} aria-rowcount={total !== null && total <= 10_000 ? total + 1 : -1} aria-multiselectable tabIndex={0} aria-busy={stale} data-stale={stale || undefined} data-with-active={isActiveDrawn || undefined}
      aria-activedescendant={isActiveDrawn ? `row-${active}` : undefined} onKeyDown={onKeyDown} onClick={onClick} onMouseMove={onMouseMove}>
      <div className={classes.all} role="rowgroup" data-density={density} style={{ height: above + rows.length * height, minWidth: phone ? undefined : standing.width }}>
        {!phone && <GridHead columns={columns} places={standing.places} sort={sort} onSort={steady.onSort} onWidth={steady.onWidth} chosen={isAll ? 'all' : selected.size > 0 ? 'some' : 'none'} onAll={steady.onAll} />}
        {drawn.map(({ slot, index }) => {
          const row = rows[index];
          // One that is being edited keeps an element of its own.
          return row && (
            <GridRow key={edited?.id === row.id ? row.id : slot} row={row} index={index} top={above + index * height} columns={columns} places={standing.places} phone={phone} isActive={index === active} isSelected={selected.has(row.id)} isUnread={isUnread?.(row) ?? false}
              cell={index === active ? cellAt : undefined} edited={edited?.id === row.id ? edited.column : undefined} editing={edit?.editing} onDone={steady.done} lines={lines} address={address} />
          );
        })}
      </div>
    </div>
  );
}
