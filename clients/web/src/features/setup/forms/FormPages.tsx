import { Button, Checkbox, NumberInput, Select, TagsInput, Textarea, TextInput } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from 'react-router';
import { api, body } from '@/api/client';
import { Problem } from '@/api/problem';
import { queries } from '@/api/queries';
import { usePage } from '@/app/page';
import { queuesQuery } from '@/features/leads/queries';
import { useMe } from '@/features/session/session';
import { UserField } from '@/shared/custom/UserField';
import { Fields, FormPage, Part } from '@/shared/form/FormPage';
import { useForm } from '@/shared/form/useForm';
import { asIs } from '@/shared/list/rows';
import { tell, tellFailure } from '@/shared/notices';
import { History } from '@/shared/record/History';
import { Copyable } from '@/shared/Secret';
import { Loaded, setup } from '../SetupPage';
import { FieldChoice } from './FieldChoice';
import { State } from './FormList';
import { Preview } from './Preview';
import { captureFieldsQuery, changeForm, createForm, deleteForm, formCodeQuery, formQuery, formsChanged, restoreForm, type CaptureField, type FormField, type FormInput, type WebForm } from './queries';

interface Typed {
  name: string; title: string; description: string; isActive: boolean; activeFrom: string | null; activeUntil: string | null; fields: FormField[]; consent: { purpose: string; text: string; version?: string | null; required?: boolean } | null;
  source: string; campaignId: string | null; memberStatusId: string | null; ownerId: string | null; queueId: string | null; knownEmail: 'create' | 'fillEmpty'; thankYouText: string; returnUrl: string; returnUrls: string[]; frameAncestors: string[];
  minimumSeconds: number | null; pageOnly: boolean; perAddressLimit: number | null; perFormLimit: number | null; dailyQuota: number | null;
}

const empty: Typed = {
  name: '', title: '', description: '', isActive: true, activeFrom: null, activeUntil: null, fields: [{ name: 'lastName', required: true }, { name: 'email', required: true }, { name: 'company' }, { name: 'description', label: 'How can we help?' }], consent: null,
  source: 'Web', campaignId: null, memberStatusId: null, ownerId: null, queueId: null, knownEmail: 'create', thankYouText: '', returnUrl: '', returnUrls: [], frameAncestors: [], minimumSeconds: 3, pageOnly: false, perAddressLimit: 10, perFormLimit: 600, dailyQuota: null,
};

const typedOf = (form: WebForm): Typed => Object.fromEntries(Object.entries(empty).map(([name, none]) => {
  const value = (form as unknown as Record<string, unknown>)[name];
  return [name, value ?? (Array.isArray(none) ? [] : typeof none === 'string' ? '' : null)];
})) as unknown as Typed;

const labels: Record<string, string> = { name: 'Name', title: 'Heading', description: 'Words above the fields', fields: 'The fields', isActive: 'Open', source: 'Source', thankYouText: 'The thank-you', returnUrl: 'The address afterwards', consent: 'The consent' };

export function NewForm() {
  usePage('New form', setup, { label: 'Web forms', to: '/setup/forms' });
  const known = useQuery(captureFieldsQuery);
  return <Loaded query={known} what="The fields that a form may ask for">{(fields) => <Whole form={null} known={fields} />}</Loaded>;
}

/** A web form: what it asks, where its leads go, and what to copy. */
export function EditForm() {
  const { id = '' } = useParams();
  const form = useQuery(formQuery(id));
  const known = useQuery(captureFieldsQuery);
  usePage(form.data?.name ?? 'Web form', setup, { label: 'Web forms', to: '/setup/forms' });
  return <Loaded query={form} what="The form">{(data) => <Loaded query={known} what="The fields that a form may ask for">{(fields) => <Whole key={id} form={data} known={fields} />}</Loaded>}</Loaded>;
}

function Whole({ form: saved, known }: { form: WebForm | null; known: CaptureField[] }) {
  const navigate = useNavigate();
  const me = useMe();
  const queues = useQuery(queuesQuery);
  const campaigns = useQuery({ queryKey: ['campaigns', 'choice'], queryFn: async () => (await body(api.campaigns.GET('/api/campaigns', asIs('limit=200&sort=name')))).items, enabled: me.may('campaigns.read') });
  const form = useForm<Typed, WebForm>({
    draft: saved ? `setup:form:${saved.id}` : 'setup:new-form', record: saved ? typedOf(saved) : empty, version: saved?.version ?? null,
    check: (value): Record<string, string[]> => value.name.trim() ? {} : { name: ['A form needs a name.'] },
    read: saved ? async () => { const fresh = await queries.fetchQuery({ ...formQuery(saved.id), staleTime: 0 }); return { record: typedOf(fresh), version: fresh.version }; } : undefined,
    save: (value, change, version, key) => saved ? changeForm(saved.id, version, change as Partial<FormInput>) : createForm(value as FormInput, key),
    saved: (now) => { queries.setQueryData(formQuery(now.id).queryKey, now); void formsChanged(); tell(`${now.name} is saved.`); if (!saved) void navigate(`/setup/forms/${now.id}`); },
  });
  const { value } = form;
  const campaign = useQuery({ queryKey: ['campaigns', 'one', value.campaignId], queryFn: () => body(api.campaigns.GET('/api/campaigns/{id}', { params: { path: { id: value.campaignId! } } })), enabled: !!value.campaignId });

  async function drop() {
    try {
      await deleteForm(saved!);
      await formsChanged();
      tell(`${saved!.name} is in the recycle bin and takes nothing in.`, { label: 'Undo', run: () => void restoreForm(saved!.id).then(formsChanged, (error) => tellFailure(Problem.of(error).message)) });
      void navigate('/setup/forms');
    } catch (error) {
      tellFailure(Problem.of(error).message);
    }
  }

  const put = form.put;
  return (
    <FormPage form={form} title={saved?.name ?? 'New form'} subtitle={saved && <State form={saved} />} saveLabel="Save form" cancelTo="/setup/forms" labels={labels} actions={saved && <Button variant="default" onClick={() => void drop()}>Delete</Button>}
      below={saved && <Part title="History"><History cacheKey={['forms', 'history', saved.id, saved.version]} sections={[]} page={(after) => body(api.capture.GET('/api/capture/forms/{id}/history', { params: { path: { id: saved.id }, query: { limit: 20, ...(after ? { after } : {}) } } }))} /></Part>}>
      {saved && !form.isDirty && <Code form={saved} />}
      <Part title="What people read">
        <Fields>
          <TextInput label="Name" description="What you call it" {...form.text('name')} />
          <TextInput label="Heading" description="The name, when left empty" {...form.text('title')} />
        </Fields>
        <Textarea label="Words above the fields" autosize minRows={2} {...form.text('description')} />
        <FieldChoice value={value.fields} known={known} onChange={(fields) => put({ fields })} error={form.error} />
        <Consent value={value.consent} onChange={(consent) => put({ consent })} error={form.error} />
      </Part>
      <Part title="Preview" what="Before it is saved, too. The page itself has your fields in the order above."><Preview title={value.title || value.name || 'Heading'} description={value.description} fields={value.fields} known={known} consent={value.consent} /></Part>
      <Part title="Afterwards" what="What people see when they have sent it.">
        <Textarea label="Thank-you" description="A usual sentence, when left empty" autosize minRows={2} {...form.text('thankYouText')} />
        <Fields>
          <TextInput label="Or go to this address" placeholder="https://" {...form.text('returnUrl')} />
          <TagsInput label="Other addresses that a page may name" description="As _return; type one and press Enter" {...form.many('returnUrls')} />
          <TagsInput label="Sites that may show it in a frame" description="Such as https://www.example.com" {...form.many('frameAncestors')} />
        </Fields>
      </Part>
      <Part title="Where its leads go">
        <Fields>
          <TextInput label="Source" {...form.text('source')} />
          <Select label="Owner or queue" description="Neither: the queue Web leads" data={[{ value: '', label: 'The queue Web leads' }, { value: 'user', label: 'A person' }, ...(queues.data ?? []).map((queue) => ({ value: queue.id, label: `Queue ${queue.name}` }))]} allowDeselect={false}
            value={value.queueId ?? (value.ownerId !== null ? 'user' : '')} onChange={(next) => put(next === 'user' ? { ownerId: me.id, queueId: null } : { ownerId: null, queueId: next || null })} error={form.error('queueId')} />
          {value.ownerId !== null && <UserField label="Person" value={value.ownerId} onChange={(ownerId) => put({ ownerId })} error={form.error('ownerId')} />}
          {me.may('campaigns.read') && <Select label="Campaign" clearable searchable placeholder="None" data={campaigns.data?.map((one) => ({ value: one.id, label: one.name })) ?? []} {...form.choice('campaignId')} onChange={(campaignId) => put({ campaignId, memberStatusId: null })} />}
          {value.campaignId && <Select label="Member status" clearable placeholder="The campaign’s default" data={campaign.data?.memberStatuses.map((status) => ({ value: status.id, label: status.name })) ?? []} {...form.choice('memberStatusId')} />}
          <Select label="When the e-mail is known" allowDeselect={false} data={[{ value: 'create', label: 'Make another lead' }, { value: 'fillEmpty', label: 'Fill what the newest open lead lacks' }]} {...form.choice('knownEmail')} />
        </Fields>
      </Part>
      <Part title="When, and how much">
        <Checkbox label="Open" description="Closed, it takes nothing in, whatever the days say" {...form.flag('isActive')} />
        <Fields>
          <TextInput type="date" label="From" {...form.text('activeFrom')} onChange={(event) => put({ activeFrom: event.currentTarget.value || null })} />
          <TextInput type="date" label="Until" {...form.text('activeUntil')} onChange={(event) => put({ activeUntil: event.currentTarget.value || null })} />
          <NumberInput label="Suspect who is faster than" suffix=" s" min={0} {...form.number('minimumSeconds')} />
          <NumberInput label="From one address, a minute" min={1} {...form.number('perAddressLimit')} />
          <NumberInput label="In all, a minute" min={1} {...form.number('perFormLimit')} />
          <NumberInput label="Leads a day" description="More wait for the next day; empty: any number" min={1} {...form.number('dailyQuota')} />
        </Fields>
        <Checkbox label="Only from our own page" description="What comes from snippets and programs is then suspected" {...form.flag('pageOnly')} />
      </Part>
    </FormPage>
  );
}

function Consent({ value, onChange, error }: { value: Typed['consent']; onChange: (next: Typed['consent']) => void; error: (field: string) => string | undefined }) {
  return (
    <>
      <Checkbox label="Ask for a consent" description="Words, time and address are kept with the lead" checked={value !== null} onChange={(event) => onChange(event.currentTarget.checked ? { purpose: 'newsletter', text: '', required: false } : null)} />
      {value && (
        <>
          <Textarea label="What people agree to" autosize minRows={2} value={value.text} onChange={(event) => onChange({ ...value, text: event.currentTarget.value })} error={error('consent.text')} />
          <Fields>
            <TextInput label="What for" value={value.purpose} onChange={(event) => onChange({ ...value, purpose: event.currentTarget.value })} error={error('consent.purpose')} />
            <TextInput label="Version of the words" value={value.version ?? ''} onChange={(event) => onChange({ ...value, version: event.currentTarget.value || null })} error={error('consent.version')} />
          </Fields>
          <Checkbox label="Must be ticked" checked={value.required === true} onChange={(event) => onChange({ ...value, required: event.currentTarget.checked })} />
        </>
      )}
    </>
  );
}

/** What to copy to put the form on a site. */
function Code({ form }: { form: WebForm }) {
  const code = useQuery(formCodeQuery(form.id, form.version));
  return (
    <Part title="Put it on a site" what="The page is ours; the HTML goes into a page of yours, in your looks; the frame shows our page inside yours, once your site is among those that may." actions={code.data && <Button component="a" variant="default" href={code.data.pageUrl} target="_blank" rel="noopener" leftSection={<IconExternalLink size={15} aria-hidden />}>Open the page</Button>}>
      <Loaded query={code} what="The code">{(data) => <><Copyable label="Address of its page" text={data.pageUrl} /><Copyable label="HTML" text={data.snippet} />{form.frameAncestors.length > 0 && <Copyable label="Frame" text={data.iframe} />}</>}</Loaded>
    </Part>
  );
}
