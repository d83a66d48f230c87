import { Alert, Button, Checkbox, NumberInput, Radio, Select, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState, type FormEvent, type ReactNode } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { newKey } from '@/api/client';
import { Problem } from '@/api/problem';
import { usePage } from '@/app/page';
import { labelOf } from '@/features/leads/fields';
import { leadQuery, nameOf, type Lead } from '@/features/leads/queries';
import { useMe } from '@/features/session/session';
import { usersQuery } from '@/features/users/queries';
import { customFieldsQuery, type Kind } from '@/shared/custom/queries';
import { useDraft } from '@/shared/drafts';
import { Empty, Failed, Loading } from '@/shared/States';
import { money } from '@/shared/time';
import classes from './ConvertPage.module.css';
import { PreviewTable } from './PreviewTable';
import { Progress } from './Progress';
import { convert, conversionOver, preview, useProgress, useStages, type Candidate, type Conversion, type Preview, type Request } from './queries';

/** What the three cards say. */
interface Choice {
  account: string; accountAnyway: boolean; contact: string; contactAnyway: boolean;
  opportunity: 'create' | 'none' | 'existing'; opportunityId: string; name: string; stage: string; amount: number | ''; closeDate: string;
  ownerId: string; overwriteLeadSource: boolean; notifyOwner: boolean; acceptWarnings: boolean; task: string; taskDue: string;
}

const create = 'create';
const untouched: Choice = {
  account: create, accountAnyway: false, contact: create, contactAnyway: false, opportunity: 'create', opportunityId: '', name: '', stage: '', amount: '', closeDate: '',
  ownerId: '', overwriteLeadSource: false, notifyOwner: false, acceptWarnings: false, task: '', taskDue: '',
};

function asRequest(choice: Choice, candidates: Candidate[]): Request {
  const decide = (type: string, mode: string, anyway: boolean) => mode === create && anyway ? candidates.filter((one) => one.type === type).map((one) => ({ type: type as 'account' | 'contact', id: one.id, decision: 'createAnyway' as const })) : [];
  return {
    account: choice.account === create ? { mode: 'create' } : { mode: 'existing', id: choice.account },
    contact: choice.contact === create ? { mode: 'create' } : { mode: 'existing', id: choice.contact },
    opportunity: choice.opportunity === 'none' ? { mode: 'none' } : choice.opportunity === 'existing' && choice.opportunityId ? { mode: 'existing', id: choice.opportunityId }
      : { mode: 'create', name: choice.name.trim() || null, stage: choice.stage || null, amount: choice.amount === '' ? null : choice.amount, closeDate: choice.closeDate || null },
    ownerId: choice.ownerId || null,
    overwriteLeadSource: choice.overwriteLeadSource,
    notifyOwner: choice.notifyOwner,
    acceptWarnings: choice.acceptWarnings,
    duplicateDecision: [...decide('account', choice.account, choice.accountAnyway), ...decide('contact', choice.contact, choice.contactAnyway)],
    followUpTask: choice.task.trim() ? { subject: choice.task.trim(), dueOn: choice.taskDue || null } : null,
  };
}

/** Turns a lead into an account, a contact and, if wanted, an opportunity (UI6): what to make on the left, what will happen on the right. */
export function ConvertPage() {
  const { id = '' } = useParams();
  const lead = useQuery(leadQuery(id));
  usePage('Convert', { label: 'Leads', to: '/leads' }, { label: lead.data ? nameOf(lead.data) : 'Lead', to: `/leads/${id}` });
  const [followed, setFollowed] = useState<Conversion | null>(null);

  if (followed) return <Follow leadId={id} begun={followed} onBack={() => setFollowed(null)} />;
  if (lead.isPending) return <Loading lines={8} />;
  if (lead.isError) return <Failed what="The lead could not be loaded." error={lead.error} retry={() => lead.refetch()} />;
  if (lead.data.isConverting && lead.data.conversionId) return <Follow leadId={id} begun={null} conversionId={lead.data.conversionId} onBack={() => void lead.refetch()} />;
  if (lead.data.isConverted) return <Empty action={<Button component={Link} to={`/leads/${id}`}>Go to the lead</Button>}>{nameOf(lead.data)} has been converted already.</Empty>;
  return <Form key={id} lead={lead.data} onBegun={setFollowed} />;
}

function Form({ lead, onBegun }: { lead: Lead; onBegun: (conversion: Conversion) => void }) {
  const me = useMe();
  const { value: choice, setValue: setChoice, discard } = useDraft(`convert:${lead.id}`, untouched);
  const [candidates, setCandidates] = useState<Candidate[]>([]);
  const users = useQuery(usersQuery);
  const stages = useStages();
  const form = useRef<HTMLFormElement>(null);
  const key = useRef(newKey());
  const set = (change: Partial<Choice>) => setChoice({ ...choice, acceptWarnings: false, ...change });

  const request = useMemo(() => asRequest(choice, candidates), [choice, candidates]);
  const [slow] = useDebouncedValue(request, 300);
  const plan = useQuery({
    queryKey: ['conversions', 'preview', lead.id, lead.version, slow],
    queryFn: async ({ signal }) => {
      const answer = await preview(lead.id, slow, signal);
      if (answer.candidates.length > 0) setCandidates(answer.candidates);   // those of before stay to choose from
      return answer;
    },
    placeholderData: keepPreviousData, staleTime: 0, refetchOnWindowFocus: false,
  });
  const isCurrent = plan.isSuccess && !plan.isPlaceholderData && !plan.isFetching && slow === request;

  const start = useMutation({
    mutationFn: () => convert(lead, request, key.current),
    onSuccess: (conversion) => { discard(); onBegun(conversion); },
    onError: () => { key.current = newKey(); void plan.refetch(); },
  });

  const errors = plan.data?.errors ?? {};
  const errorOf = (...members: string[]) => members.flatMap((member) => errors[member] ?? []).join(' ') || undefined;
  const placed = ['account.name', 'account.id', 'contact.id', 'contact.lastName', 'opportunity.name', 'opportunity.stage', 'opportunity.amount', 'opportunity.closeDate', 'opportunity.id', 'ownerId', 'duplicateDecision'];
  const others = Object.entries(errors).filter(([member]) => !placed.includes(member));
  const accounts = candidates.filter((one) => one.type === 'account');
  const contacts = candidates.filter((one) => one.type === 'contact' && (choice.account === create || one.accountId === choice.account));
  const open = candidates.flatMap((one) => one.openOpportunities).filter((one, i, all) => one.accountId === choice.account && all.findIndex((other) => other.opportunityId === one.opportunityId) === i);
  const warnings = plan.data?.warnings ?? [];
  const ready = isCurrent && plan.data.status === 202;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (ready && !start.isPending) start.mutate();
  }

  return (
    <form ref={form} className={classes.page} onSubmit={submit} noValidate aria-labelledby="convert-title" onKeyDown={(event) => { if (event.key === 'Enter' && event.ctrlKey) { event.preventDefault(); form.current?.requestSubmit(); } }}>
      <div className={classes.body}>
        <div className={classes.cards}>
          <h1 id="convert-title" className="breaks">Convert {nameOf(lead)}</h1>
          <Card title="Account">
            <Radio.Group aria-label="Account" value={choice.account} onChange={(account) => set({ account, accountAnyway: false, ...(account === create ? { contact: candidates.find((one) => one.id === choice.contact) ? create : choice.contact, opportunity: choice.opportunity === 'existing' ? 'create' : choice.opportunity, opportunityId: '' } : {}) })}>
              <Radio value={create} label={<>New: <b className="breaks">{lead.company || nameOf(lead)}</b></>} />
              {accounts.map((one) => <CandidateRow key={one.id} candidate={one} />)}
            </Radio.Group>
            {choice.account === create && accounts.length > 0 && <Anyway candidates={accounts} what="account" checked={choice.accountAnyway} onChange={(accountAnyway) => set({ accountAnyway })} />}
            <Wrong text={errorOf('account.name', 'account.id')} />
          </Card>
          <Card title="Contact">
            <Radio.Group aria-label="Contact" value={choice.contact} onChange={(contact) => { const one = candidates.find((known) => known.id === contact); set({ contact, contactAnyway: false, ...(one?.accountId ? { account: one.accountId } : {}) }); }}>
              <Radio value={create} label={<>New: <b className="breaks">{nameOf(lead)}</b></>} />
              {contacts.map((one) => <CandidateRow key={one.id} candidate={one} />)}
            </Radio.Group>
            {choice.contact === create && contacts.length > 0 && <Anyway candidates={contacts} what="contact" checked={choice.contactAnyway} onChange={(contactAnyway) => set({ contactAnyway })} />}
            {choice.contact !== create && lead.source && <Checkbox mt="sm" label={`Replace its source by “${lead.source}”`} checked={choice.overwriteLeadSource} onChange={(event) => set({ overwriteLeadSource: event.currentTarget.checked })} />}
            <Wrong text={errorOf('contact.id', 'contact.lastName')} />
          </Card>
          <Card title="Opportunity">
            <Radio.Group aria-label="Opportunity" value={choice.opportunity === 'existing' ? choice.opportunityId : choice.opportunity} onChange={(value) => set(value === 'create' || value === 'none' ? { opportunity: value, opportunityId: '' } : { opportunity: 'existing', opportunityId: value })}>
              <Radio value="create" label="New" />
              {open.map((one) => <Radio key={one.opportunityId} value={one.opportunityId} label={<span className="breaks"><b>{one.name}</b> <span className="muted">{one.stage}{one.amount != null && ` · ${money(one.amount, one.currency)}`}</span></span>} />)}
              <Radio value="none" label="None" />
            </Radio.Group>
            {choice.opportunity === 'create' && (
              <div className={classes.fields}>
                <TextInput label="Name" placeholder={lead.company || nameOf(lead)} value={choice.name} onChange={(event) => set({ name: event.currentTarget.value })} error={errorOf('opportunity.name')} />
                <Select label="Stage" placeholder="The first" clearable data={stages.data?.flatMap((pipeline) => pipeline.stages).filter((stage) => stage.category === 'open').map((stage) => stage.name).filter((name, i, all) => all.indexOf(name) === i) ?? []} value={choice.stage || null} onChange={(stage) => set({ stage: stage ?? '' })} error={errorOf('opportunity.stage')} />
                <NumberInput label="Amount" hideControls thousandSeparator="," min={0} value={choice.amount} onChange={(amount) => set({ amount: typeof amount === 'number' ? amount : amount === '' ? '' : Number(amount) })} error={errorOf('opportunity.amount')} />
                <TextInput type="date" label="Close date" value={choice.closeDate} onChange={(event) => set({ closeDate: event.currentTarget.value })} error={errorOf('opportunity.closeDate')} />
              </div>
            )}
            <Wrong text={errorOf('opportunity.id')} />
          </Card>
          <Card title="And then">
            <div className={classes.fields}>
              <Select label="Owner of what is made" searchable clearable={!lead.queueId} placeholder={lead.ownerName ?? 'Choose a person'} data={users.data?.filter((user) => user.isActive).map((user) => ({ value: user.id, label: user.id === me.id ? `${user.name} (me)` : user.name })) ?? []} value={choice.ownerId || null} onChange={(ownerId) => set({ ownerId: ownerId ?? '' })} error={errorOf('ownerId')} />
              <TextInput label="Follow-up task" placeholder="None" value={choice.task} onChange={(event) => set({ task: event.currentTarget.value })} />
              {choice.task.trim() && <TextInput type="date" label="Task due" value={choice.taskDue} onChange={(event) => set({ taskDue: event.currentTarget.value })} />}
            </div>
            <Checkbox mt="md" label="Tell the owner" checked={choice.notifyOwner} onChange={(event) => set({ notifyOwner: event.currentTarget.checked })} />
          </Card>
        </div>
        <section className={classes.preview} aria-label="What will happen" aria-busy={!isCurrent}>
          <h2>What will happen</h2>
          {plan.isPending ? <Loading lines={10} label="Working out what will happen" />
            : plan.isError ? <Failed what="What will happen could not be worked out." error={plan.error} retry={() => plan.refetch()} />
            : <PreviewTable plan={plan.data} stale={!isCurrent} />}
        </section>
      </div>
      <div className={classes.foot}>
        <div className={classes.verdict} role="status">
          {start.isError ? <Wrong text={`${Problem.of(start.error).message} Nothing was changed.`} /> : plan.data && plan.data.status !== 202 && isCurrent ? <Verdict plan={plan.data} others={others} /> : ready && <span className="muted">Ready. Ctrl Enter converts; it can be undone for some days.</span>}
          {warnings.length > 0 && (
            <Alert color="orange" p="xs">
              {warnings.map((warning) => <p key={warning}>{warning}</p>)}
              <Checkbox mt={4} label="That is fine" checked={choice.acceptWarnings} onChange={(event) => setChoice({ ...choice, acceptWarnings: event.currentTarget.checked })} />
            </Alert>
          )}
        </div>
        <Button variant="subtle" color="gray" component={Link} to={`/leads/${lead.id}`}>Cancel</Button>
        <Button type="submit" size="sm" disabled={!ready} loading={start.isPending}>Convert lead</Button>
      </div>
    </form>
  );
}

function Verdict({ plan, others }: { plan: Preview; others: [string, string[]][] }) {
  const undecided = plan.status === 409 && plan.candidates.length > 0;
  return (
    <span className={classes.wrong}>
      {undecided ? `There ${plan.candidates.length === 1 ? 'is a record' : `are ${plan.candidates.length} records`} that may be the same. Use one, or say that new ones are to be made anyway.` : plan.detail}
      {others.map(([member, texts]) => <span key={member}><br /><b><MemberName member={member} /></b>: {texts.join(' ')}</span>)}
    </span>
  );
}

const recordNames: Record<string, [string, Kind]> = { account: ['Account', 'accounts'], contact: ['Contact', 'contacts'], opportunity: ['Opportunity', 'opportunities'] };

/** What people call a field that stands in the way, one of the organisation's own too: "Account: Region". */
function MemberName({ member }: { member: string }) {
  const [first, ...rest] = member.split('.') as [string, ...string[]];
  const [record, kind] = recordNames[first] ?? [labelOf(first), null];
  const fields = useQuery({ ...customFieldsQuery(kind ?? 'accounts'), enabled: !!kind && rest[0] === 'custom' });
  const field = rest[0] === 'custom' ? fields.data?.find((one) => one.key === rest[1])?.label ?? rest[1] : rest.length > 0 ? labelOf(rest.join('.')) : undefined;
  return <>{[record, field].filter(Boolean).join(': ')}</>;
}

function Card({ title, children }: { title: string; children: ReactNode }) {
  return <fieldset className={classes.card}><legend>{title}</legend>{children}</fieldset>;
}

function CandidateRow({ candidate }: { candidate: Candidate }) {
  return (
    <Radio value={candidate.id} label={
      <span className={classes.candidate}>
        <span className={classes.candidateName}><b className="breaks">{candidate.name}</b><span className={classes.score} title="How alike, 0 to 100">{candidate.score}</span></span>
        <span className="muted small breaks">{[candidate.hint, ...candidate.reasons].filter(Boolean).join(' · ')}</span>
        {candidate.openOpportunities.length > 0 && candidate.type === 'account' && <span className="muted small">{candidate.openOpportunities.length} open {candidate.openOpportunities.length === 1 ? 'opportunity' : 'opportunities'}</span>}
      </span>
    } />
  );
}

function Anyway({ candidates, what, checked, onChange }: { candidates: Candidate[]; what: string; checked: boolean; onChange: (checked: boolean) => void }) {
  return candidates.some((one) => one.blocks)
    ? <p className={classes.wrong}>A new {what} cannot be made beside {candidates.filter((one) => one.blocks).map((one) => one.name).join(', ')}: use it, or cancel.</p>
    : <Checkbox mt="sm" label={candidates.length === 1 ? `It is another one: make a new ${what} anyway` : `It is none of them: make a new ${what} anyway`} checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />;
}

const Wrong = ({ text }: { text?: string }) => text ? <p className={classes.wrong} role="alert">{text}</p> : null;

function Follow({ leadId, begun, conversionId, onBack }: { leadId: string; begun: Conversion | null; conversionId?: string; onBack: () => void }) {
  const navigate = useNavigate();
  const id = begun?.conversionId ?? conversionId!;
  const news = useProgress<Conversion>(begun?.isOver ? null : `/api/leads/conversions/${id}/progress`, 'conversion', () => void conversionOver(leadId));
  return <Progress conversion={news ?? begun} onBack={onBack} onLead={() => { void conversionOver(leadId); void navigate(`/leads/${leadId}`); }} />;
}
