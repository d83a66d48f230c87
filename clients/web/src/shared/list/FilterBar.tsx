import { ActionIcon, Button, Checkbox, Menu, NumberInput, Popover, SegmentedControl, Select, TagsInput, TextInput } from '@mantine/core';
import { IconFilterPlus, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { usersQuery } from '@/features/users/queries';
import { inWords, readFilters, type Filter } from './filters';
import classes from './ListPage.module.css';
import { relativeDays, relativeInWords } from './relative';
import type { FilterField } from './types';
import { readValues, writeValues } from './values';

/** The conditions of a list as chips that are edited in place; each change goes into the address. */
export function FilterBar({ search, fields, choices, onChange, menuOpened, onMenu }: {
  search: URLSearchParams; fields: FilterField[]; choices: Record<string, string[]>; onChange: (next: URLSearchParams) => void; menuOpened: boolean; onMenu: (open: boolean) => void;
}) {
  const { filters, unknown } = readFilters(search, fields);
  const users = useQuery({ ...usersQuery, enabled: filters.some((filter) => fields.some((field) => field.name === filter.field && field.kind === 'owner')) });
  const [added, setAdded] = useState<string | null>(null);
  const nameOfUser = (id: string) => users.data?.find((user) => user.id === id)?.name ?? 'somebody';

  function put(before: Filter | null, key: string, value: string | null) {
    const next = new URLSearchParams(search);
    if (before) next.delete(before.key);
    if (value !== null) next.set(key, value);
    setAdded(null);
    onChange(next);
  }

  return (
    <>
      {filters.map((filter) => (
        <Chip key={filter.key} field={fields.find((field) => field.name === filter.field)!} choices={choices[filter.field] ?? []} filter={filter} words={inWords(filter, fields, nameOfUser)} onPut={(key, value) => put(filter, key, value)} />
      ))}
      {unknown.map((key) => (
        <span key={key} className={classes.chip} data-unknown>
          There is no filter “{key}”
          <ActionIcon size={24} variant="transparent" color="gray" aria-label={`Remove ${key}`} onClick={() => put({ key, field: key, operator: '', value: '' }, key, null)}><IconX size={14} /></ActionIcon>
        </span>
      ))}
      {added && <Chip key={`new-${added}`} field={fields.find((field) => field.name === added)!} choices={choices[added] ?? []} filter={{ key: '', field: added, operator: '', value: '' }} words={fields.find((field) => field.name === added)!.label} isNew
        onPut={(key, value) => put(null, key, value)} onClose={() => setAdded(null)} />}
      <Menu opened={menuOpened} onChange={onMenu} width={220}>
        <Menu.Target><Button variant="default" leftSection={<IconFilterPlus size={16} aria-hidden />}>Filter</Button></Menu.Target>
        <Menu.Dropdown className={classes.menu}>
          {fields.map((field) => <Menu.Item key={field.name} onClick={() => setAdded(field.name)}>{field.label}</Menu.Item>)}
        </Menu.Dropdown>
      </Menu>
      {filters.length + unknown.length > 1 && <Button variant="subtle" color="gray" onClick={() => {
        const next = new URLSearchParams(search);
        [...filters.map((filter) => filter.key), ...unknown].forEach((key) => next.delete(key));
        onChange(next);
      }}>Clear all</Button>}
    </>
  );
}

function Chip({ field, choices, filter, words, isNew = false, onPut, onClose }: { field: FilterField; choices: string[]; filter: Filter; words: string; isNew?: boolean; onPut: (key: string, value: string | null) => void; onClose?: () => void }) {
  const [opened, setOpened] = useState(isNew);
  const close = () => { setOpened(false); onClose?.(); };
  return (
    <Popover opened={opened} onChange={(open) => { if (!open) close(); }} width={300} trapFocus returnFocus withinPortal>
      <span className={classes.chip}>
        <Popover.Target><button type="button" className={classes.chipText} onClick={() => setOpened(!opened)}>{words}</button></Popover.Target>
        {!isNew && <ActionIcon size={24} variant="transparent" color="gray" aria-label={`Remove: ${words}`} onClick={() => onPut(filter.key, null)}><IconX size={14} /></ActionIcon>}
      </span>
      <Popover.Dropdown aria-label={`Filter: ${words}`}>
        <Editor field={field} choices={choices} filter={filter} onDone={(key, value) => { setOpened(false); onPut(key, value); }} onCancel={close} />
      </Popover.Dropdown>
    </Popover>
  );
}

const operators: Record<string, { value: string; label: string }[]> = {
  text: [{ value: 'contains', label: 'Contains' }, { value: 'is', label: 'Is' }, { value: 'empty', label: 'Empty' }],
  number: [{ value: 'gte', label: 'At least' }, { value: 'lte', label: 'At most' }, { value: 'is', label: 'Is' }, { value: 'empty', label: 'Empty' }],
  date: [{ value: 'gte', label: 'Since' }, { value: 'lt', label: 'Before' }, { value: 'empty', label: 'Empty' }],
  day: [{ value: 'gte', label: 'Since' }, { value: 'lt', label: 'Before' }, { value: 'empty', label: 'Empty' }],
};

function Editor({ field, choices: values, filter, onDone, onCancel }: { field: FilterField; choices: string[]; filter: Filter; onDone: (key: string, value: string) => void; onCancel: () => void }) {
  const isDate = field.kind === 'date' || field.kind === 'day';
  const choices = operators[field.kind];
  const [operator, setOperator] = useState(filter.key && filter.value === '' ? 'empty' : choices?.some((known) => known.value === filter.operator) ? filter.operator : choices?.[0]?.value ?? 'in');
  const isList = field.kind === 'choice' || field.kind === 'open' || field.kind === 'owner';
  const [value, setValue] = useState(isDate && relativeInWords(filter.value) === null ? filter.value.slice(0, 10) : isList && filter.operator !== 'in' && filter.value ? writeValues([filter.value]) : filter.value);
  const relative = isDate && relativeInWords(value) !== null;
  const [offers, setOffers] = useState(false);   // what is offered lies over Apply until something is chosen
  const users = useQuery({ ...usersQuery, enabled: field.kind === 'owner' });

  function apply(event: FormEvent) {
    event.preventDefault();
    if (operator === 'empty') onDone(field.name, '');
    else if (value !== '') onDone(operator === 'is' ? field.name : `${field.name}[${operator}]`, field.kind === 'date' && !relative ? new Date(`${value}T00:00:00`).toISOString() : value);
  }

  const many = readValues(value);
  return (
    <form onSubmit={apply} className={classes.editor}>
      <b>{field.label}</b>
      {choices && <SegmentedControl size="xs" fullWidth data={choices} value={operator} onChange={setOperator} aria-label="How to compare" />}
      {operator !== 'empty' && field.kind === 'text' && <TextInput data-autofocus aria-label={`${field.label}: text`} value={value} onChange={(e) => setValue(e.currentTarget.value)} />}
      {operator !== 'empty' && field.kind === 'number' && <NumberInput data-autofocus aria-label={`${field.label}: number`} value={value} onChange={(next) => setValue(String(next))} hideControls />}
      {operator !== 'empty' && isDate && <TextInput data-autofocus type="date" aria-label={`${field.label}: day`} value={relative ? '' : value} onChange={(e) => setValue(e.currentTarget.value)} />}
      {operator !== 'empty' && isDate && <Select aria-label={`${field.label}: or`} placeholder="Or a day that moves on" clearable data={relativeDays} value={relative ? value : null} onChange={(next) => setValue(next ?? '')} comboboxProps={{ withinPortal: false }} />}
      {field.kind === 'choice' && (
        <Checkbox.Group aria-label={field.label} value={many} onChange={(next) => setValue(writeValues(next))}>
          {values.map((name, i) => <Checkbox key={name} value={name} label={field.labels?.[name] ?? name} mb={6} data-autofocus={i === 0 || undefined} />)}
        </Checkbox.Group>
      )}
      {field.kind === 'open' && <TagsInput data-autofocus splitChars={[]} dropdownOpened={offers} onDropdownOpen={() => setOffers(true)} onDropdownClose={() => setOffers(false)} aria-label={field.label} placeholder="Choose, or type and Enter" data={values} value={many} onChange={(next) => { setValue(writeValues(next)); setOffers(false); }} comboboxProps={{ withinPortal: false }} />}
      {field.kind === 'owner' && <Select data-autofocus searchable aria-label="Owner" data={[{ value: 'me', label: 'Me' }, ...users.data?.map((user) => ({ value: user.id, label: user.name })) ?? []]} value={many[0] ?? null} onChange={(next) => setValue(next ?? '')}
        comboboxProps={{ withinPortal: false }} />}
      {field.kind === 'flag' && <SegmentedControl size="xs" fullWidth data={[{ value: 'true', label: 'Yes' }, { value: 'false', label: 'No' }]} value={value || 'true'} onChange={setValue} aria-label={field.label} />}
      <div className={classes.editorActions}>
        <Button variant="subtle" color="gray" onClick={onCancel}>Cancel</Button>
        <Button type="submit" onClick={() => { if (field.kind === 'flag') onDone(field.name, value || 'true'); }}>Apply</Button>
      </div>
    </form>
  );
}
