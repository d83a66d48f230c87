import { ActionIcon, Button, Checkbox, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import classes from './Options.module.css';

export interface Option { value: string; label?: string | null; isActive?: boolean }

/** What can be chosen, in order. A value that records have never changes; what it is called and whether it can still be chosen do. */
export function Options({ value, stored, onChange, error }: { value: Option[]; stored: string[]; onChange: (next: Option[]) => void; error: (field: string) => string | undefined }) {
  const list = useRef<HTMLOListElement>(null);
  const put = (at: number, change: Partial<Option>) => onChange(value.map((one, i) => i === at ? { ...one, ...change } : one));
  const move = (at: number, by: number) => onChange(value.map((one, i) => i === at ? value[at + by]! : i === at + by ? value[at]! : one));

  function add() {
    onChange([...value, { value: '' }]);
    setTimeout(() => list.current?.querySelector<HTMLInputElement>('li:last-child input')?.focus());
  }

  const general = error('options');
  return (
    <div>
      <b id="options-label">Options</b>
      <ol ref={list} className={classes.list} aria-labelledby="options-label">
        {value.map((option, i) => (
          <li key={i}>
            <TextInput aria-label={`Value of option ${i + 1}`} placeholder="Value" value={option.value} readOnly={stored.includes(option.value) && option.value !== ''} onChange={(event) => put(i, { value: event.currentTarget.value })} error={error(`options[${i}].value`)}
              onKeyDown={(event) => { if (event.key === 'Enter' && !event.ctrlKey) { event.preventDefault(); add(); } }} />
            <TextInput aria-label={`Label of option ${i + 1}`} placeholder="Read as (the value)" value={option.label ?? ''} onChange={(event) => put(i, { label: event.currentTarget.value || null })} error={error(`options[${i}].label`)} />
            <Checkbox label="Can be chosen" checked={option.isActive !== false} onChange={(event) => put(i, { isActive: event.currentTarget.checked })} />
            <span className={classes.actions}>
              <ActionIcon variant="subtle" color="gray" aria-label={`Move option ${i + 1} up`} disabled={i === 0} onClick={() => move(i, -1)}><IconArrowUp size={14} /></ActionIcon>
              <ActionIcon variant="subtle" color="gray" aria-label={`Move option ${i + 1} down`} disabled={i === value.length - 1} onClick={() => move(i, 1)}><IconArrowDown size={14} /></ActionIcon>
              <ActionIcon variant="subtle" color="gray" aria-label={`Remove option ${i + 1}`} onClick={() => onChange(value.filter((_, at) => at !== i))}><IconX size={14} /></ActionIcon>
            </span>
          </li>
        ))}
      </ol>
      {general && <p className={classes.wrong} role="alert">{general}</p>}
      <Button variant="default" onClick={add}>Add an option</Button>
    </div>
  );
}
