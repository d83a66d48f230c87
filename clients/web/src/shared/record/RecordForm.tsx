import { Alert, Button, Checkbox, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type FormEvent, type ReactNode } from 'react';
import { Link } from 'react-router';
import { newKey } from '@/api/client';
import { Problem } from '@/api/problem';
import { CustomInput, isWritable } from '@/shared/custom/CustomInput';
import { useDraft } from '@/shared/drafts';
import { AccountField } from './AccountField';
import { withChosen } from './InlineField';
import classes from './RecordForm.module.css';
import type { Field, Section } from './types';

export type Typed = Record<string, unknown>;

const empty: Typed = {};

/** A new record: what is needed first, the rest folded. Wrong fields say so when they are left, and what the service refuses at its field. */
export function RecordForm({ title, draft, first, rest, start, check, save, saveLabel, cancelTo, beside }: {
  title: string; draft: string; first: Field[]; rest: Section[]; start?: Typed; check: (typed: Typed, fields: string[]) => Record<string, string>;
  save: (body: Record<string, unknown>, key: string) => Promise<void>; saveLabel: string; cancelTo: string; beside?: (typed: Typed) => ReactNode;
}) {
  const { value, setValue, restored, discard } = useDraft(draft, empty);
  const typed: Typed = { ...start, ...value };
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [more, setMore] = useState(false);
  const key = useRef(newKey());
  const form = useRef<HTMLFormElement>(null);
  const folded = rest.flatMap((section) => section.fields);

  const saving = useMutation({
    mutationFn: () => save(nested(typed), key.current),
    onSuccess: discard,
    onError: (error) => {
      key.current = newKey();
      show(Object.fromEntries(Object.entries(Problem.of(error).errors).map(([field, texts]) => [field, texts.join(' ')])));
    },
  });

  function show(found: Record<string, string>) {
    setErrors(found);
    const wrong = Object.keys(found);
    if (folded.some((field) => wrong.includes(field.name))) setMore(true);
    const inOrder = [...first, ...folded].find((field) => wrong.includes(field.name));
    if (inOrder) setTimeout(() => form.current?.querySelector<HTMLElement>(`[name="${inOrder.name}"]`)?.focus());
  }

  /** Of a field that nobody has typed into there is nothing to say before one saves; what appears then would move what one is about to click. */
  function leave(name: string) {
    if (!(name in value)) return;
    const found = check(typed, [name]);
    setErrors((known) => ({ ...Object.fromEntries(Object.entries(known).filter(([field]) => field !== name)), ...found }));
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    const found = check(typed, [...first, ...folded].map((field) => field.name));
    if (Object.keys(found).length > 0) show(found);
    else if (!saving.isPending) saving.mutate();
  }

  const input = (field: Field, autoFocus = false) => (
    <Input key={field.name} field={field} value={typed[field.name]} error={errors[field.name]} autoFocus={autoFocus} onChange={(next) => setValue({ ...value, [field.name]: next })} onLeave={() => leave(field.name)} />
  );
  const known = new Set([...first, ...folded].map((field) => field.name));
  const problem = saving.error && Problem.of(saving.error);
  const general = problem && (Object.keys(problem.errors).every((name) => !known.has(name)) ? [...Object.values(problem.errors).flat(), ...Object.keys(problem.errors).length ? [] : [problem.message]].join(' ') : null);

  return (
    <form ref={form} className={classes.page} onSubmit={submit} noValidate aria-labelledby="new-record" onKeyDown={(event) => { if (event.key === 'Enter' && event.ctrlKey) form.current?.requestSubmit(); }}>
      <div className={classes.body}>
        <h1 id="new-record">{title}</h1>
        {restored && <Alert color="blue" className={classes.restored}>What you typed last time is here again. <Button variant="subtle" onClick={() => { discard(); setErrors({}); }}>Start empty</Button></Alert>}
        <div className={classes.fields}>{first.map((field, i) => input(field, i === 0))}</div>
        {beside?.(typed)}
        {rest.length > 0 && <Button variant="subtle" aria-expanded={more} onClick={() => setMore(!more)}>{more ? 'Show less' : 'Show more fields'}</Button>}
        {more && rest.map((section) => <fieldset key={section.title} className={classes.section}><legend>{section.title}</legend><div className={classes.fields}>{section.fields.map((field) => input(field))}</div></fieldset>)}
      </div>
      <div className={classes.foot}>
        {general && <p className={classes.wrong} role="alert">{general}</p>}
        <Button variant="subtle" color="gray" component={Link} to={cancelTo}>Cancel</Button>
        <Button type="submit" size="sm" loading={saving.isPending}>{saveLabel}</Button>
      </div>
    </form>
  );
}

/** What was typed as the API takes it: empty fields left out, parts of something inside it. */
function nested(typed: Typed): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(typed)) {
    if (value === '') continue;
    const [first, rest] = name.split('.') as [string, string | undefined];
    if (rest) body[first] = { ...body[first] as object | undefined, [rest]: value };
    else body[first] = value;
  }
  return body;
}

function Input({ field, value, error, autoFocus, onChange, onLeave }: { field: Field; value: unknown; error?: string; autoFocus: boolean; onChange: (value: unknown) => void; onLeave: () => void }) {
  const props = { name: field.name, label: field.label, error, onBlur: onLeave };
  if (field.options) return <Select {...props} searchable clearable data={withChosen(field.options, value)} value={String(value ?? '') || null} onChange={(next) => onChange(next ?? '')} />;
  switch (field.kind) {
    case 'custom': return isWritable(field.custom!) ? <CustomInput {...props} field={field.custom!} description={field.custom!.help || undefined} value={value ?? null} onChange={onChange} /> : null;
    case 'flag': return <Checkbox className={classes.flag} name={field.name} label={field.label} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
    case 'number': case 'money': return <NumberInput {...props} value={value === undefined || value === '' ? '' : Number(value)} onChange={onChange} thousandSeparator="," hideControls min={0} allowDecimal={field.kind === 'money'} />;
    case 'long': return <Textarea {...props} autosize minRows={2} value={String(value ?? '')} onChange={(event) => onChange(event.currentTarget.value)} />;
    case 'account': return <AccountField {...props} value={String(value ?? '')} onChange={onChange} />;
    default: return <TextInput {...props} type={field.kind === 'email' ? 'email' : field.kind === 'phone' ? 'tel' : field.kind === 'date' ? 'date' : 'text'} autoFocus={autoFocus} autoComplete="off" value={String(value ?? '')} onChange={(event) => onChange(event.currentTarget.value)} />;
  }
}
