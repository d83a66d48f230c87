import { Popover } from '@mantine/core';
import { InlineField } from '@/shared/record/InlineField';
import type { Editing, Field, Versioned } from '@/shared/record/types';
import classes from './Grid.module.css';

/** A cell while it is edited (VW5): as a field of a record's page is, with both values when somebody else has changed it meanwhile. */
export default function CellEditor<R extends Versioned>({ row, field, editing, onDone }: { row: R; field: Field; editing: Editing<R>; onDone: (step: -1 | 0 | 1) => void }) {
  return (
    <Popover opened position="bottom-start" offset={2} width={340} closeOnClickOutside={false} closeOnEscape={false} withinPortal hideDetached={false} transitionProps={{ duration: 0 }}>
      <Popover.Target><span className={classes.anchor} /></Popover.Target>
      <Popover.Dropdown p={6} onClick={(event) => event.stopPropagation()} onKeyDown={(event) => event.stopPropagation()}><InlineField record={row} editing={editing} field={field} mayEdit onDone={onDone} /></Popover.Dropdown>
    </Popover>
  );
}
