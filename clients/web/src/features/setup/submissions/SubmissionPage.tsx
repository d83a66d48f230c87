import { Button, Code, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { Problem } from '@/api/problem';
import { queries } from '@/api/queries';
import { usePage } from '@/app/page';
import { Fields, FormPage, Part } from '@/shared/form/FormPage';
import { useForm } from '@/shared/form/useForm';
import { tell, tellFailure } from '@/shared/notices';
import { When } from '@/shared/When';
import { Loaded, setup } from '../SetupPage';
import { correct, discard, release, retry, submissionChanged, submissionQuery, suspicionInWords, type Submission } from './queries';
import { StatusTag } from './SubmissionList';

/** A submission: what was sent, what is wrong with it, and the decision. */
export function SubmissionPage() {
  const { id = '' } = useParams();
  const one = useQuery({ ...submissionQuery(id), refetchInterval: (query) => query.state.data && ['waiting', 'handedOn'].includes(query.state.data.status) ? 2_000 : false });
  usePage('Submission', setup, { label: 'Form submissions', to: '/setup/submissions' });
  return <Loaded query={one} what="The submission">{(data) => <Whole key={id} submission={data} />}</Loaded>;
}

type Values = Record<string, string>;
const valuesOf = (submission: Submission) => submission.values as Values;

function Whole({ submission: one }: { submission: Submission }) {
  const mayCorrect = one.status === 'refused' || one.status === 'quarantined';
  const form = useForm<Values, Submission>({
    draft: `submission:${one.id}`, record: valuesOf(one), version: one.version,
    read: async () => { const fresh = await queries.fetchQuery({ ...submissionQuery(one.id), staleTime: 0 }); return { record: valuesOf(fresh), version: fresh.version }; },
    save: (_value, change, version) => correct(one.id, version, change as Values),
    saved: (now) => { submissionChanged(now); tell('The values are corrected. The body as it came in stays beside them.'); },
  });
  const decide = useMutation({
    mutationFn: (decision: 'release' | 'discard' | 'retry') => decision === 'release' ? release(one.id) : decision === 'discard' ? discard(one.id) : retry(one.id),
    onSuccess: (now, decision) => {
      submissionChanged(now);
      tell(decision === 'discard' ? 'Discarded. It stays in the list.' : 'It is on its way and becomes a lead.');
    },
    onError: (error) => tellFailure(Problem.of(error).message),
  });
  const violations = Object.entries(one.violations ?? {}) as [string, string[]][];
  const wrong = (name: string) => violations.find(([field]) => field === name)?.[1].join(' ');
  const names = Object.keys(form.value);

  return (
    <FormPage form={form} title={one.values && (valuesOf(one).email || valuesOf(one).lastName) || 'Submission'} subtitle={<><StatusTag status={one.status} /> received <When at={one.receivedAt} />{one.address && ` from ${one.address}`}{one.leadId && <>. <Link to={`/leads/${one.leadId}`}>Open the lead</Link>{one.wasKnown && ', which was there'}</>}</>} saveLabel="Save values"
      actions={!form.isDirty && <>
        {one.status === 'quarantined' && <><Button variant="default" loading={decide.isPending} onClick={() => decide.mutate('discard')}>Discard</Button><Button loading={decide.isPending} onClick={() => decide.mutate('release')}>Release: it is a person</Button></>}
        {one.status === 'refused' && <><Button variant="default" loading={decide.isPending} onClick={() => decide.mutate('discard')}>Discard</Button><Button loading={decide.isPending} onClick={() => decide.mutate('retry')}>Send it once more</Button></>}
      </>}>
      {one.suspicions.length > 0 && <Part title="Why it is suspected"><ul style={{ margin: 0, paddingLeft: 18 }}>{one.suspicions.map((reason) => <li key={reason}>{suspicionInWords(reason)}</li>)}</ul></Part>}
      {violations.some(([field]) => !names.includes(field)) && <Part title="Why it was refused"><ul style={{ margin: 0, paddingLeft: 18 }}>{violations.filter(([field]) => !names.includes(field)).map(([field, texts]) => <li key={field} className="breaks">{field}: {texts.join(' ')}</li>)}</ul></Part>}
      <Part title="What was sent">
        <Fields>{names.map((name) => <TextInput key={name} label={name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`).replace(/^./, (c) => c.toUpperCase())} readOnly={!mayCorrect} {...form.text(name)} error={form.error(name) ?? (mayCorrect ? wrong(name) : undefined)} />)}</Fields>
        {one.consent && <p className="breaks">{one.consent.granted ? 'Agreed' : 'Did not agree'} to: “{one.consent.text}” ({one.consent.purpose}{one.consent.version && `, version ${one.consent.version}`})</p>}
        {one.ignoredFields.length > 0 && <p className="muted small breaks">Sent along and ignored: {one.ignoredFields.join(', ')}</p>}
      </Part>
      <Part title="As it came in"><Code block tabIndex={0} aria-label="The body as it came in" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxHeight: 240, overflow: 'auto' }}>{one.raw}</Code></Part>
    </FormPage>
  );
}
