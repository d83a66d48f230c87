import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { api, body } from '@/api/client';
import { usePage } from '@/app/page';
import { useCustomSections } from '@/shared/custom/sections';
import { tell } from '@/shared/notices';
import { RecordForm, type Typed } from '@/shared/record/RecordForm';
import classes from '@/shared/record/RecordForm.module.css';
import { isEmpty, valueOf } from '@/shared/record/types';
import { Failed, Loading } from '@/shared/States';
import { useLeadFields } from './pickLists';
import { leadChanged, leadQuery, nameOf, type Lead } from './queries';

const wanted = ['lastName', 'company', 'email', 'firstName', 'phone', 'title', 'source'];
const text = (typed: Typed, name: string) => String(typed[name] ?? '').trim();

/** What one can say before the service does (LD2). */
function check(typed: Typed, fields: string[]): Record<string, string> {
  const found: Record<string, string> = {};
  if (fields.includes('lastName') && !text(typed, 'lastName')) found.lastName = 'Enter a last name.';
  if (fields.includes('company') && !text(typed, 'company') && !text(typed, 'email')) found.company = 'Enter a company or an e-mail address.';
  if (fields.includes('email') && text(typed, 'email') && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text(typed, 'email'))) found.email = 'This is no e-mail address.';
  return found;
}

/** Takes in a lead; what looks like it appears while one types. With `from` it begins as a copy of another one (LD9). */
export function NewLead() {
  usePage('New lead', { label: 'Leads', to: '/leads' });
  const from = useSearchParams()[0].get('from');
  return from ? <Clone key={from} id={from} /> : <Form title="New lead" draft="new-lead" cancelTo="/leads" />;
}

function Clone({ id }: { id: string }) {
  const lead = useQuery(leadQuery(id));
  if (lead.isError) return <Failed what="The lead to copy could not be loaded." error={lead.error} retry={() => lead.refetch()} />;
  return lead.data ? <Form title={`Copy of ${nameOf(lead.data)}`} draft={`copy-of-lead-${id}`} cancelTo={`/leads/${id}`} like={lead.data} /> : <Loading label="Loading the lead" />;
}

function Form({ title, draft, cancelTo, like }: { title: string; draft: string; cancelTo: string; like?: Lead }) {
  const navigate = useNavigate();
  const custom = useCustomSections('leads');
  const { detailFields, sections, start } = useLeadFields();
  const first = wanted.map((name) => detailFields.find((field) => field.name === name)!);
  const rest = sections.map((section) => ({ ...section, fields: section.fields.filter((field) => !wanted.includes(field.name)) }));
  const own = [...custom.first, ...custom.rest.flatMap((section) => section.fields)].filter((field) => !field.custom!.isUnique);
  // Of a copy: what describes it. Status, owner, history and what only one lead may have are its own.
  const copied = like && Object.fromEntries([...detailFields, ...own].map((field) => [field.name, valueOf(like, field.name)] as const).filter(([, value]) => !isEmpty(value)));
  return (
    <RecordForm title={title} draft={draft} first={[...first, ...custom.first]} rest={[...rest, ...custom.rest]} start={{ ...custom.start, ...start, ...copied }} check={check} saveLabel="Save lead" cancelTo={cancelTo} beside={(typed) => <Similar typed={typed} />}
      save={async (lead, key) => {
        const made = await body(api.leads.POST('/api/leads', { params: { header: { 'Idempotency-Key': key } }, body: lead }));
        void leadChanged(made);
        tell(`${nameOf(made)} is a lead now.`);
        await navigate(`/leads/${made.id}`);
      }} />
  );
}

/** What is there already and looks like what is being typed. */
function Similar({ typed }: { typed: Typed }) {
  const email = text(typed, 'email');
  const words = email.includes('@') && email.length > 5 ? email : text(typed, 'lastName').length > 1 && (text(typed, 'firstName') || text(typed, 'company')) ? [text(typed, 'firstName'), text(typed, 'lastName')].filter(Boolean).join(' ') : '';
  const [slow] = useDebouncedValue(words, 400);
  const found = useQuery({ queryKey: ['search', 'similar', slow], queryFn: ({ signal }) => body(api.session.GET('/api/search', { params: { query: { q: slow, limit: 5 } }, signal })), enabled: slow.length > 2 });
  const pages: Record<string, [string, string]> = { lead: ['/leads', 'Lead'], contact: ['/contacts', 'Contact'], account: ['/accounts', 'Account'] };
  const hits = slow.length > 2 ? (found.data?.groups ?? []).flatMap((group) => group.items as unknown as { type: string; id: string; title: string; subtitle?: string }[]).filter((hit) => pages[hit.type]).slice(0, 5) : [];
  return (
    <div role="status">
      {hits.length > 0 && (
        <section className={classes.similar} aria-label="Perhaps already here">
          <b>Perhaps already here</b>
          <ul>{hits.map((hit) => <li key={hit.id}><Link to={`${pages[hit.type]![0]}/${hit.id}`}>{hit.title}</Link> <span className="muted small breaks">{pages[hit.type]![1]}{hit.subtitle && ` · ${hit.subtitle}`}</span></li>)}</ul>
        </section>
      )}
    </div>
  );
}
