import { Alert, Button, Checkbox, NumberInput, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useRef, useState, type FormEvent } from 'react';
import { Link, useNavigate } from 'react-router';
import { api, body, newKey } from '@/api/client';
import { Problem } from '@/api/problem';
import { usePage } from '@/app/page';
import { useDraft } from '@/shared/drafts';
import { tell } from '@/shared/notices';
import { sections, type DetailField } from './fields';
import classes from './NewLead.module.css';
import { leadChanged, nameOf } from './queries';

type Typed = Record<string, string | number | boolean>;

const first: DetailField[] = ['lastName', 'company', 'email', 'firstName', 'phone', 'title', 'source'].map((name) => sections.flatMap((section) => section.fields).find((field) => field.name === name)!);
const rest = sections.map((section) => ({ ...section, fields: section.fields.filter((field) => !first.includes(field)) }));
const empty: Typed = {};

/** Takes in a lead: what is needed first, the rest folded; what looks like it appears while one types. */
export function NewLead() {
  usePage('New lead', { label: 'Leads', to: '/leads' });
  const navigate = useNavigate();
  const { value: typed, setValue: setTyped, restored, discard } = useDraft('new-lead', empty);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [more, setMore] = useState(false);
  const key = useRef(newKey());
  const form = useRef<HTMLFormElement>(null);

  const save = useMutation({
    mutationFn: () => body(api.leads.POST('/api/leads', { params: { header: { 'Idempotency-Key': key.current } }, body: Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== '')) })),
    onSuccess: async (lead) => {
      discard();
      void leadChanged(lead);
      tell(`${nameOf(lead)} is a lead now.`);
      await navigate(`/leads/${lead.id}`);
    },
    onError: (error) => {
      key.current = newKey();
      show(Object.fromEntries(Object.entries(Problem.of(error).errors).map(([field, texts]) => [field, texts.join(' ')])));
    },
  });

  function show(found: Record<string, string>) {
    setErrors(found);
    const wrong = Object.keys(found);
    if (rest.some((section) => section.fields.some((field) => wrong.includes(field.name)))) setMore(true);
    const inOrder = [...first, ...rest.flatMap((section) => section.fields)].find((field) => wrong.includes(field.name));
    if (inOrder) setTimeout(() => form.current?.querySelector<HTMLElement>(`[name="${inOrder.name}"]`)?.focus());
  }

  /** What one can say before the server does. */
  function check(fields: string[]): Record<string, string> {
    const text = (name: string) => String(typed[name] ?? '').trim();
    const found: Record<string, string> = {};
    if (fields.includes('lastName') && !text('lastName')) found.lastName = 'Enter a last name.';
    if (fields.includes('company') && !text('company') && !text('email')) found.company = 'Enter a company or an e-mail address.';
    if (fields.includes('email') && text('email') && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text('email'))) found.email = 'This is no e-mail address.';
    return found;
  }

  function leave(name: string) {
    const found = check([name]);
    setErrors((known) => ({ ...Object.fromEntries(Object.entries(known).filter(([field]) => field !== name)), ...found }));
  }

  function submit(event: FormEvent) {
    event.preventDefault();
    const found = check(['lastName', 'company', 'email']);
    if (Object.keys(found).length > 0) show(found);
    else save.mutate();
  }

  const field = (one: DetailField) => <Field key={one.name} field={one} value={typed[one.name]} error={errors[one.name]} onChange={(value) => setTyped({ ...typed, [one.name]: value })} onLeave={() => leave(one.name)} />;
  const general = save.error && Object.keys(Problem.of(save.error).errors).length === 0 ? Problem.of(save.error).message : null;

  return (
    <form ref={form} className={classes.page} onSubmit={submit} noValidate aria-labelledby="new-lead" onKeyDown={(event) => { if (event.key === 'Enter' && event.ctrlKey) form.current?.requestSubmit(); }}>
      <div className={classes.body}>
        <h1 id="new-lead">New lead</h1>
        {restored && <Alert color="blue" className={classes.restored}>What you typed last time is here again. <Button variant="subtle" onClick={() => { discard(); setErrors({}); }}>Start empty</Button></Alert>}
        <div className={classes.fields}>{first.map(field)}</div>
        <Similar typed={typed} />
        <Button variant="subtle" aria-expanded={more} onClick={() => setMore(!more)}>{more ? 'Show less' : 'Show more fields'}</Button>
        {more && rest.map((section) => <fieldset key={section.title} className={classes.section}><legend>{section.title}</legend><div className={classes.fields}>{section.fields.map(field)}</div></fieldset>)}
      </div>
      <div className={classes.foot}>
        {general && <p className={classes.wrong} role="alert">{general}</p>}
        <Button variant="subtle" color="gray" component={Link} to="/leads">Cancel</Button>
        <Button type="submit" size="sm" loading={save.isPending}>Save lead</Button>
      </div>
    </form>
  );
}

function Field({ field, value, error, onChange, onLeave }: { field: DetailField; value: string | number | boolean | undefined; error?: string; onChange: (value: string | number | boolean) => void; onLeave: () => void }) {
  const props = { name: field.name, label: field.label, error, onBlur: onLeave };
  if (field.kind === 'flag') return <Checkbox className={classes.flag} name={field.name} label={field.label} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
  if (field.kind === 'number' || field.kind === 'money') return <NumberInput {...props} value={value === undefined ? '' : Number(value)} onChange={onChange} thousandSeparator="," hideControls min={0} allowDecimal={field.kind === 'money'} />;
  if (field.kind === 'long') return <Textarea {...props} autosize minRows={2} value={String(value ?? '')} onChange={(event) => onChange(event.currentTarget.value)} />;
  return <TextInput {...props} type={field.kind === 'email' ? 'email' : field.kind === 'phone' ? 'tel' : 'text'} autoFocus={field.name === 'lastName'} required={field.name === 'lastName'} withAsterisk={false} autoComplete="off"
    value={String(value ?? '')} onChange={(event) => onChange(event.currentTarget.value)} />;
}

/** What is there already and looks like what is being typed. */
function Similar({ typed }: { typed: Typed }) {
  const text = (name: string) => String(typed[name] ?? '').trim();
  const email = text('email');
  const words = email.includes('@') && email.length > 5 ? email : text('lastName').length > 1 && (text('firstName') || text('company')) ? [text('firstName'), text('lastName')].filter(Boolean).join(' ') : '';
  const [slow] = useDebouncedValue(words, 400);
  const found = useQuery({ queryKey: ['search', 'similar', slow], queryFn: ({ signal }) => body(api.session.GET('/api/search', { params: { query: { q: slow, limit: 5 } }, signal })), enabled: slow.length > 2 });
  const hits = slow.length > 2 ? (found.data?.groups ?? []).flatMap((group) => group.items as unknown as { type: string; id: string; title: string; subtitle?: string }[]).filter((hit) => ['lead', 'contact', 'account'].includes(hit.type)).slice(0, 5) : [];
  return (
    <div role="status">
      {hits.length > 0 && (
        <section className={classes.similar} aria-label="Perhaps already here">
          <b>Perhaps already here</b>
          <ul>{hits.map((hit) => <li key={hit.id}>{hit.type === 'lead' ? <Link to={`/leads/${hit.id}`}>{hit.title}</Link> : hit.title} <span className="muted small breaks">{hit.type === 'lead' ? 'Lead' : hit.type === 'contact' ? 'Contact' : 'Account'}{hit.subtitle && ` · ${hit.subtitle}`}</span></li>)}</ul>
        </section>
      )}
    </div>
  );
}
