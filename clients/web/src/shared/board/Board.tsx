import { closestCenter, DndContext, DragOverlay, KeyboardSensor, MouseSensor, pointerWithin, TouchSensor, useDraggable, useDroppable, useSensor, useSensors, type CollisionDetection, type KeyboardCoordinateGetter } from '@dnd-kit/core';
import { ActionIcon, Button, Menu } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconArrowsHorizontal, IconGripVertical } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import type { ListOf } from '@/shared/list/ListPage';
import { useRowsOf } from '@/shared/list/rows';
import { Failed, Loading } from '@/shared/States';
import { count, number } from '@/shared/time';
import classes from './Board.module.css';
import type { Moving } from './useMoves';

export interface BoardColumn { id: string; name: string; tone: 'info' | 'good' | 'warning' | 'bad'; count?: number; sums?: ReactNode; query: string }

/** What a card shows. */
export interface Card { title: string; to: string; lines: ReactNode[] }

interface Props<Row extends { id: string; version: number }> {
  columns: BoardColumn[]; cacheKey: readonly unknown[]; page: (query: string, signal: AbortSignal) => Promise<ListOf<Row>>; columnOf: (row: Row) => string; card: (row: Row) => Card;
  /** Rows that are on their way to a column: shown there already, and nowhere else. */
  moving: Moving<Row>[];
  mayMove: boolean; onMove: (row: Row, to: BoardColumn) => void; what: string;
}

/** The arrow keys carry a card from column to column, not by pixels. */
const byColumns: KeyboardCoordinateGetter = (event, { context: { active, over, droppableRects, collisionRect }, currentCoordinates }) => {
  const step = event.code === 'ArrowRight' ? 1 : event.code === 'ArrowLeft' ? -1 : 0;
  if (!step || !active || !collisionRect) return currentCoordinates;
  event.preventDefault();
  const ids = [...droppableRects.keys()].sort((a, b) => droppableRects.get(a)!.left - droppableRects.get(b)!.left);
  const to = droppableRects.get(ids[ids.indexOf(over?.id ?? '') + step] ?? '');
  return to ? { x: to.left + 8, y: to.top + 60 } : currentCoordinates;
};

/** A hand puts a card into the column that it points at, and nowhere when it points at none: let go beside the board, the card stays. */
const pointedAt: CollisionDetection = (args) => (args.pointerCoordinates ? pointerWithin : closestCenter)(args);

/** Records by where they stand: dragged on, carried on by keyboard (Space, arrows, Space), or moved by a menu. */
export function Board<Row extends { id: string; version: number }>({ columns, cacheKey, page, columnOf, card, moving, mayMove, onMove, what }: Props<Row>) {
  const [lifted, setLifted] = useState<Row | null>(null);
  const still = useMediaQuery('(prefers-reduced-motion: reduce)', false, { getInitialValueInEffect: false });
  const sensors = useSensors(useSensor(MouseSensor, { activationConstraint: { distance: 6 } }), useSensor(TouchSensor, { activationConstraint: { delay: 220, tolerance: 8 } }), useSensor(KeyboardSensor, { coordinateGetter: byColumns }));
  const nameOf = (id: string | number | undefined) => columns.find((column) => column.id === id)?.name ?? 'no column';
  const titleOf = (data: unknown) => card((data as { row: Row }).row).title;

  return (
    <DndContext sensors={sensors} collisionDetection={pointedAt}
      onDragStart={({ active }) => setLifted((active.data.current as { row: Row }).row)} onDragCancel={() => setLifted(null)}
      onDragEnd={({ active, over }) => {
        setLifted(null);
        const { row } = active.data.current as { row: Row };
        const to = columns.find((column) => column.id === over?.id);
        if (to && to.id !== columnOf(row)) onMove(row, to);
      }}
      accessibility={{
        screenReaderInstructions: { draggable: 'Space picks the card up, left and right carry it to another column, Space puts it down there, Escape leaves it where it was.' },
        announcements: {
          onDragStart: ({ active }) => `${titleOf(active.data.current)} is picked up.`, onDragOver: ({ active, over }) => `${titleOf(active.data.current)} is over ${nameOf(over?.id)}.`,
          onDragEnd: ({ active, over }) => `${titleOf(active.data.current)} is put down in ${nameOf(over?.id)}.`, onDragCancel: ({ active }) => `${titleOf(active.data.current)} stays where it was.`,
        },
      }}>
      <div className={classes.columns}>
        {columns.map((column) => <Column key={column.id} column={column} columns={columns} cacheKey={cacheKey} page={page} card={card} moving={moving} mayMove={mayMove} onMove={onMove} what={what} />)}
      </div>
      <DragOverlay dropAnimation={still ? null : { duration: 120 }}>{lifted && <CardOf card={card(lifted)} floating />}</DragOverlay>
    </DndContext>
  );
}

function Column<Row extends { id: string; version: number }>({ column, columns, cacheKey, page, card, moving, mayMove, onMove, what }: Omit<Props<Row>, 'columnOf'> & { column: BoardColumn }) {
  const { setNodeRef, isOver } = useDroppable({ id: column.id });
  const list = useRowsOf([...cacheKey, column.id], page, column.query, { size: 40 });
  const under = list.data?.pages.flatMap((one) => one.items) ?? [];
  // Columns are read one by one: what one of them says of a card from before its move does not count, and the card stands where it went until that column knows it.
  const isOld = (row: Row) => moving.some((one) => one.row.id === row.id && (!one.arrived || row.version < one.arrived.version));
  const known = under.filter((row) => !isOld(row));
  const coming = moving.filter(({ row, to, arrived }) => to === column.id && (!arrived || list.dataUpdatedAt < arrived.at) && !known.some((one) => one.id === row.id));
  const rows = [...coming.map(({ row }) => row), ...known];
  const total = column.count ?? list.data?.pages[0]?.count ?? undefined;
  return (
    <section ref={setNodeRef} className={classes.column} data-over={isOver || undefined} aria-label={column.name} aria-busy={list.isFetching}>
      <header className={classes.head} data-tone={column.tone}>
        <h2><span className="nowrap">{column.name}</span>{total !== undefined && <span className="muted small">{column.count !== undefined ? number(total) : count(total)}</span>}</h2>
        {column.sums !== undefined && <p className={`small muted ${classes.sums}`}>{column.sums}</p>}
      </header>
      {list.isPending ? <Loading lines={4} label={`Loading ${column.name}`} />
        : list.isError && rows.length === 0 ? <Failed what={`${column.name} could not be loaded.`} error={list.error} retry={() => void list.refetch()} />
        : (
          <ul className={classes.cards} tabIndex={rows.length > 0 ? 0 : undefined} aria-label={`${what} in ${column.name}`}>
            {rows.length === 0 && <li><p className={`muted ${classes.none}`}>No {what} here.</p></li>}
            {rows.map((row) => <li key={row.id}><Movable row={row} card={card(row)} column={column} columns={columns} mayMove={mayMove} onMove={onMove} /></li>)}
            {list.hasNextPage && <li><Button variant="subtle" color="gray" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>Show more</Button></li>}
          </ul>
        )}
    </section>
  );
}

function Movable<Row extends { id: string }>({ row, card, column, columns, mayMove, onMove }: { row: Row; card: Card; column: BoardColumn; columns: BoardColumn[]; mayMove: boolean; onMove: (row: Row, to: BoardColumn) => void }) {
  const { setNodeRef, setActivatorNodeRef, listeners, attributes, isDragging } = useDraggable({ id: row.id, data: { row }, disabled: !mayMove });
  return (
    <CardOf card={card} nodeRef={setNodeRef} lifted={isDragging} draggable={mayMove} onMouseDown={listeners?.onMouseDown as React.MouseEventHandler | undefined} onTouchStart={listeners?.onTouchStart as React.TouchEventHandler | undefined}
      tools={mayMove && (
        <>
          <ActionIcon ref={setActivatorNodeRef} className={classes.grip} size={24} variant="subtle" color="gray" aria-label={`Carry ${card.title}`} aria-describedby={attributes['aria-describedby']} onKeyDown={listeners?.onKeyDown as React.KeyboardEventHandler | undefined}><IconGripVertical size={14} /></ActionIcon>
          <Menu position="bottom-end">
            <Menu.Target><ActionIcon size={24} variant="subtle" color="gray" aria-label={`Move ${card.title} to`} onMouseDown={(event) => event.stopPropagation()}><IconArrowsHorizontal size={14} /></ActionIcon></Menu.Target>
            <Menu.Dropdown><Menu.Label>Move to</Menu.Label>{columns.filter((one) => one.id !== column.id).map((to) => <Menu.Item key={to.id} onClick={() => onMove(row, to)}>{to.name}</Menu.Item>)}</Menu.Dropdown>
          </Menu>
        </>
      )} />
  );
}

function CardOf({ card, nodeRef, tools, lifted = false, floating = false, draggable = false, ...events }: { card: Card; nodeRef?: (element: HTMLElement | null) => void; tools?: ReactNode; lifted?: boolean; floating?: boolean; draggable?: boolean; onMouseDown?: React.MouseEventHandler; onTouchStart?: React.TouchEventHandler }) {
  return (
    <div ref={nodeRef} className={classes.card} data-lifted={lifted || undefined} data-floating={floating || undefined} data-draggable={draggable || undefined} {...events}>
      <Link to={card.to} draggable={false}>{card.title}</Link>
      <div className={classes.facts}>{card.lines.filter((line) => line !== null && line !== undefined && line !== false && line !== '').map((line, i) => <span key={i}>{line}</span>)}</div>
      {tools && <span className={classes.tools}>{tools}</span>}
    </div>
  );
}
