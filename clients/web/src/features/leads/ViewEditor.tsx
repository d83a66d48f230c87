import { ActionIcon, Button, Checkbox, Group, Modal, MultiSelect, Select, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { newKey } from '@/api/client';
import { Problem } from '@/api/problem';
import { teamsQuery } from '@/features/setup/teams/queries';
import { useMe } from '@/features/session/session';
import { usersQuery } from '@/features/users/queries';
import { ConditionValue, operatorsOf } from '@/shared/list/ConditionValue';
import type { Condition } from '@/shared/list/conditions';
import type { Column, FilterField } from '@/shared/list/types';
import type { LeadRow } from './queries';
import { changeView, createView, type View, type ViewDraft } from './views';
import classes from './ViewEditor.module.css';

/** Builds a view, or changes one: name, conditions and how they go together, order, columns, and who else may look through it (VW2). */
export default function ViewEditor({ view, draft: start, fields, choices, columns, onClose, onSaved }: {
  view: View | null; draft: ViewDraft; fields: FilterField[]; choices: Record<string, string[]>; columns: Column<LeadRow>[]; onClose: () => void; onSaved: (view: View) => void;
}) {
  const me = useMe();
  const [draft, setDraft] = useState(start);
  const key = useRef(newKey());
  const users = useQuery(usersQuery);
  const teams = useQuery(teamsQuery);
  const put = (change: Partial<ViewDraft>) => { key.current = newKey(); setDraft((now) => ({ ...now, ...change })); };
  const putCondition = (at: number, change: Partial<Condition>) => put({ conditions: draft.conditions.map((one, i) => i === at ? { ...one, ...change } : one) });
  const saving = useMutation({ mutationFn: () => view ? changeView(view, draft) : createView(draft, key.current), onSuccess: onSaved });
  const failure = saving.error ? Problem.of(saving.error) : null;
  const wrong = (name: string) => failure?.errors[name]?.join(' ');
  const byName = new Map(columns.map((column) => [column.name, column]));
  const shown = draft.columns.filter((name) => byName.has(name));
  const sortable = columns.filter((column) => column.sort).map((column) => ({ value: column.sort!, label: column.label }));
  const [sort, down] = draft.sort.startsWith('-') ? [draft.sort.slice(1), true] : [draft.sort, false];

  function move(name: string, by: number) {
    const at = shown.indexOf(name);
    const next = shown.toSpliced(at, 1);
    next.splice(at + by, 0, name);
    put({ columns: next });
  }

  return (
    <Modal opened onClose={onClose} title={view ? `Edit “${view.name}”` : 'New view'} closeButtonProps={{ 'aria-label': 'Close' }} size="xl">
      <form onSubmit={(event) => { event.preventDefault(); event.stopPropagation(); if (!saving.isPending) saving.mutate(); }}
        onKeyDown={(event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); saving.mutate(); } }}>
        <TextInput data-autofocus label="Name" required value={draft.name} maxLength={80} onChange={(event) => put({ name: event.currentTarget.value })} error={wrong('name')} />

        <fieldset className={classes.part}>
          <legend>Which leads</legend>
          {draft.conditions.length === 0 && <p className="muted">All that its reader may see. Add conditions to leave some out.</p>}
          <ol className={classes.conditions}>
            {draft.conditions.map((condition, i) => {
              const field = fields.find((known) => known.name === condition.field);
              return (
                <li key={i} className={classes.condition}>
                  <span className={classes.number} aria-hidden>{i + 1}</span>
                  <Select aria-label={`Condition ${i + 1}: field`} searchable allowDeselect={false} data={fields.map((known) => ({ value: known.name, label: known.label })).concat(field ? [] : [{ value: condition.field, label: `${condition.field} (gone)` }])} value={condition.field}
                    onChange={(name) => { const next = fields.find((known) => known.name === name); if (next) putCondition(i, { field: next.name, operator: operatorsOf(next)[0]!.value, value: next.kind === 'flag' ? 'true' : '' }); }} />
                  {field ? <ConditionValue field={field} choices={choices[field.name] ?? []} label={`Condition ${i + 1}`} condition={condition} onChange={(change) => putCondition(i, change)} /> : <span className="muted">There is no such field any more.</span>}
                  <ActionIcon variant="subtle" color="gray" aria-label={`Remove condition ${i + 1}`} onClick={() => put({ conditions: draft.conditions.toSpliced(i, 1), logic: '' })}><IconX size={16} /></ActionIcon>
                  {wrong(`filter.conditions[${i}]`) && <span className={classes.wrong} role="alert">{wrong(`filter.conditions[${i}]`)}</span>}
                </li>
              );
            })}
          </ol>
          <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => put({ conditions: [...draft.conditions, { field: fields[0]!.name, operator: operatorsOf(fields[0]!)[0]!.value, value: '' }] })}>Add a condition</Button>
          {draft.conditions.length > 1 && <TextInput mt="sm" label="How they go together" description="Such as 1 AND (2 OR 3), or NOT 2. Empty: all of them." value={draft.logic} onChange={(event) => put({ logic: event.currentTarget.value })} error={wrong('filter.logic')} placeholder={draft.conditions.map((_, i) => i + 1).join(' AND ')} />}
        </fieldset>

        <fieldset className={classes.part}>
          <legend>Order and columns</legend>
          <Group align="end" gap="xs">
            <Select label="Order by" placeholder="Newest first" clearable searchable data={sortable.concat(sort && !sortable.some((one) => one.value === sort) ? [{ value: sort, label: sort }] : [])} value={sort || null} onChange={(next) => put({ sort: next ?? '' })} error={wrong('sort')} />
            {sort && <Checkbox label="Downwards" checked={down} onChange={(event) => put({ sort: `${event.currentTarget.checked ? '-' : ''}${sort}` })} mb={8} />}
          </Group>
          <MultiSelect mt="sm" label="Columns" description="The name is always there. None chosen: the usual ones." searchable clearable data={columns.slice(1).map((column) => ({ value: column.name, label: column.label }))} value={shown} onChange={(next) => put({ columns: next })} error={wrong('columns')} />
          {shown.length > 1 && (
            <details className={classes.order}>
              <summary>Order of the columns</summary>
              <ol>
                {shown.map((name, i) => (
                  <li key={name}>{byName.get(name)!.label}
                    <ActionIcon variant="subtle" color="gray" size={24} disabled={i === 0} aria-label={`${byName.get(name)!.label} further left`} onClick={() => move(name, -1)}><IconArrowUp size={14} /></ActionIcon>
                    <ActionIcon variant="subtle" color="gray" size={24} disabled={i === shown.length - 1} aria-label={`${byName.get(name)!.label} further right`} onClick={() => move(name, 1)}><IconArrowDown size={14} /></ActionIcon>
                  </li>
                ))}
              </ol>
            </details>
          )}
        </fieldset>

        <fieldset className={classes.part}>
          <legend>Who else may look through it</legend>
          <p className="muted small">Each sees only the leads that they may see anyway. Nobody but you changes it.</p>
          <Checkbox mt="xs" label="Everybody" checked={draft.everyone} onChange={(event) => put({ everyone: event.currentTarget.checked })} />
          {!draft.everyone && (
            <>
              <MultiSelect mt="xs" label="People" searchable data={users.data?.filter((user) => user.isActive && user.id !== me.id).map((user) => ({ value: user.id, label: user.name })) ?? []} value={draft.userIds} onChange={(userIds) => put({ userIds })} error={wrong('sharedWith.userIds')} />
              <MultiSelect mt="xs" label="Teams" description="With the teams below them." searchable data={teams.data?.map((team) => ({ value: team.id, label: team.name })) ?? []} value={draft.teamIds} onChange={(teamIds) => put({ teamIds })} error={wrong('sharedWith.teamIds')} />
            </>
          )}
        </fieldset>

        {failure && <p role="alert" className={classes.wrong}>{failure.isConflict ? 'Somebody else has changed this view meanwhile. Close this, look at it, and change it again.' : Object.keys(failure.errors).length > 0 ? 'Something above needs attention. Nothing was saved.' : failure.message}</p>}
        <Group justify="flex-end" mt="lg"><Button variant="subtle" color="gray" onClick={onClose}>Cancel</Button><Button type="submit" loading={saving.isPending}>Save view</Button></Group>
      </form>
    </Modal>
  );
}
