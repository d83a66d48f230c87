import { MultiSelect, NumberInput, Select, TagsInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { usersQuery } from '@/features/users/queries';
import type { Condition } from './conditions';
import classes from './ConditionValue.module.css';
import { relativeDays, relativeInWords } from './relative';
import type { FilterField } from './types';
import { readValues, writeValues } from './values';

const none = { value: 'empty', label: 'has no value' };
const inOrder = [{ value: 'gte', label: 'is at least' }, { value: 'lte', label: 'is at most' }, { value: 'is', label: 'is' }, none];
const dates = [{ value: 'is', label: 'is in' }, { value: 'gte', label: 'is since' }, { value: 'lt', label: 'is before' }, { value: 'gt', label: 'is after' }, none];

/** How a field can be compared; the first is the usual one. */
export function operatorsOf(field: FilterField): { value: string; label: string }[] {
  switch (field.kind) {
    case 'text': return [{ value: 'contains', label: 'contains' }, { value: 'is', label: 'is' }, none];
    case 'number': return inOrder;
    case 'date': case 'day': return dates;
    case 'choice': return [{ value: 'in', label: 'is one of' }, none];
    case 'open': return [{ value: 'in', label: 'is one of' }, { value: 'contains', label: 'contains' }, none];
    case 'owner': return [{ value: 'in', label: 'is one of' }, none];
    case 'flag': return [{ value: 'is', label: 'is' }];
  }
}

/** The operator and value of a condition, by what the field holds. */
export function ConditionValue({ field, choices, label, condition, onChange }: { field: FilterField; choices: string[]; label: string; condition: Condition; onChange: (change: Partial<Condition>) => void }) {
  const users = useQuery({ ...usersQuery, enabled: field.kind === 'owner' });
  const operators = operatorsOf(field);
  const isEmpty = condition.value === '' && condition.operator === 'is' && field.kind !== 'flag' && operators.includes(none);
  // A value by itself is a list of one.
  const operator = isEmpty ? 'empty' : (field.kind === 'choice' || field.kind === 'open' || field.kind === 'owner') && condition.operator === 'is' ? 'in' : condition.operator;
  const many = condition.operator === 'in' ? readValues(condition.value) : condition.value ? [condition.value] : [];
  const isDate = field.kind === 'date' || field.kind === 'day';
  const relative = isDate && (condition.value === '' || relativeInWords(condition.value) !== null);
  const known = relativeDays.some((one) => one.value === condition.value) || !relative || condition.value === '' ? relativeDays : [...relativeDays, { value: condition.value, label: relativeInWords(condition.value)! }];

  function compare(next: string) {
    if (next === 'empty') onChange({ operator: 'is', value: '' });
    else onChange({ operator: next, value: operator === 'empty' && isDate ? 'today' : condition.value });
  }

  return (
    <span className={classes.both}>
      <Select aria-label={`${label}: how to compare`} allowDeselect={false} data={operators} value={operators.some((one) => one.value === operator) ? operator : operators[0]!.value} onChange={(next) => next && compare(next)} />
      {operator !== 'empty' && (field.kind === 'text' || operator === 'contains') && <TextInput aria-label={`${label}: text`} value={condition.value} onChange={(event) => onChange({ value: event.currentTarget.value })} />}
      {operator !== 'empty' && field.kind === 'number' && <NumberInput aria-label={`${label}: number`} value={condition.value} onChange={(next) => onChange({ value: String(next) })} hideControls />}
      {operator !== 'empty' && isDate && (
        <>
          <Select aria-label={`${label}: day`} allowDeselect={false} data={[...known, { value: 'date', label: 'A date …' }]} value={relative ? condition.value || null : 'date'} placeholder="Which day"
            onChange={(next) => onChange({ value: next === 'date' ? stored(field, new Date().toISOString().slice(0, 10)) : next ?? '' })} />
          {!relative && <TextInput type="date" aria-label={`${label}: date`} value={dayOf(field, condition.value)} onChange={(event) => { if (event.currentTarget.value) onChange({ value: stored(field, event.currentTarget.value) }); }} />}
        </>
      )}
      {operator !== 'empty' && field.kind === 'choice' && <MultiSelect aria-label={`${label}: values`} data={choices.map((name) => ({ value: name, label: field.labels?.[name] ?? name }))} value={many} onChange={(next) => onChange({ operator: 'in', value: writeValues(next) })} />}
      {operator === 'in' && field.kind === 'open' && <TagsInput splitChars={[]} aria-label={`${label}: values`} data={choices} value={many} onChange={(next) => onChange({ operator: 'in', value: writeValues(next) })} />}
      {operator !== 'empty' && field.kind === 'owner' && <MultiSelect searchable aria-label={`${label}: people`} data={[{ value: 'me', label: 'Me' }, ...users.data?.map((user) => ({ value: user.id, label: user.name })) ?? []]} value={many} onChange={(next) => onChange({ operator: 'in', value: writeValues(next) })} />}
      {field.kind === 'flag' && <Select aria-label={`${label}: yes or no`} allowDeselect={false} data={[{ value: 'true', label: 'Yes' }, { value: 'false', label: 'No' }]} value={condition.value || 'true'} onChange={(next) => onChange({ operator: 'is', value: next ?? 'true' })} />}
    </span>
  );
}

const stored = (field: FilterField, day: string) => field.kind === 'day' ? day : new Date(`${day}T00:00:00`).toISOString();

function dayOf(field: FilterField, value: string) {
  if (field.kind === 'day') return value.slice(0, 10);
  const at = new Date(value);
  return Number.isNaN(at.getTime()) ? '' : `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`;
}
