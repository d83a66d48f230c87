import { ActionIcon, Checkbox, Select, TagsInput, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import classes from './Forms.module.css';
import type { CaptureField, FormField } from './queries';

/** The fields of a form in order: what each is called, whether it must be filled, what can be chosen. */
export function FieldChoice({ value, known, onChange, error }: { value: FormField[]; known: CaptureField[]; onChange: (next: FormField[]) => void; error: (field: string) => string | undefined }) {
  const labelOf = (field: FormField) => field.label || known.find((one) => one.name === field.name)?.label || field.name;
  const put = (at: number, change: Partial<FormField>) => onChange(value.map((one, i) => i === at ? { ...one, ...change } : one));
  const move = (at: number, by: number) => onChange(value.map((one, i) => i === at ? value[at + by]! : i === at + by ? value[at]! : one));
  const general = error('fields');
  return (
    <>
      <ol className={classes.fields} aria-label="Fields of the form">
        {value.map((field, i) => {
          const name = labelOf(field);
          const wrong = ['name', 'label', 'options', 'defaultValue'].map((part) => error(`fields[${i}].${part}`)).filter(Boolean).join(' ');
          return (
            <li key={field.name} aria-label={name}>
              <div className={classes.line}>
                <TextInput className={classes.grow} label={known.find((one) => one.name === field.name)?.label ?? field.name} placeholder="Called as on the left" aria-label={`What the form calls ${name}`} value={field.label ?? ''} onChange={(event) => put(i, { label: event.currentTarget.value || null })} />
                <span className={classes.buttons}>
                  <ActionIcon variant="subtle" color="gray" aria-label={`Move ${name} up`} disabled={i === 0} onClick={() => move(i, -1)}><IconArrowUp size={14} /></ActionIcon>
                  <ActionIcon variant="subtle" color="gray" aria-label={`Move ${name} down`} disabled={i === value.length - 1} onClick={() => move(i, 1)}><IconArrowDown size={14} /></ActionIcon>
                  <ActionIcon variant="subtle" color="gray" aria-label={`Leave out ${name}`} onClick={() => onChange(value.filter((_, at) => at !== i))}><IconX size={14} /></ActionIcon>
                </span>
              </div>
              <div className={classes.line}>
                <Checkbox label="Must be filled" checked={field.required === true} onChange={(event) => put(i, { required: event.currentTarget.checked })} />
                <Checkbox label="Hidden" checked={field.hidden === true} onChange={(event) => put(i, { hidden: event.currentTarget.checked })} />
              </div>
              <div className={classes.line}>
                <TextInput className={classes.grow} size="xs" label={field.hidden ? 'Value' : 'Filled in beforehand'} value={field.defaultValue ?? ''} onChange={(event) => put(i, { defaultValue: event.currentTarget.value || null })} />
                {!field.hidden && <TagsInput className={classes.grow} size="xs" label="To choose from" placeholder="Anything" value={(field.options as string[] | null | undefined) ?? []} onChange={(options) => put(i, { options: options.length ? options : null })} />}
              </div>
              {wrong && <p className={classes.wrong} role="alert">{wrong}</p>}
            </li>
          );
        })}
      </ol>
      {general && <p className={classes.wrong} role="alert">{general}</p>}
      <Select label="Another field" placeholder="Choose a field of the lead" searchable value={null} data={known.filter((one) => !value.some((field) => field.name === one.name)).map((one) => ({ value: one.name, label: one.label }))} onChange={(name) => { if (name) onChange([...value, { name, required: false }]); }} />
    </>
  );
}
