import { ActionIcon, Alert, Button, CopyButton, Menu, Skeleton, Tabs, Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconArrowDown, IconArrowUp, IconArrowsExchange, IconCopy, IconDots, IconMail, IconPhone } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { api, body } from '@/api/client';
import { Problem } from '@/api/problem';
import { queries } from '@/api/queries';
import { usePage } from '@/app/page';
import { Timeline } from '@/features/activities/Timeline';
import { useMe } from '@/features/session/session';
import { useCustomSections } from '@/shared/custom/sections';
import { useLetterKeys } from '@/shared/letterKeys';
import { neighbours } from '@/shared/list/walk';
import { tell, tellFailure } from '@/shared/notices';
import { Details } from '@/shared/record/Details';
import { History } from '@/shared/record/History';
import classes from '@/shared/record/RecordPage.module.css';
import { saveVCard } from '@/shared/record/vcard';
import { Loading, NoRecord } from '@/shared/States';
import { When } from '@/shared/When';
import { remove, restore } from './bulk';
import { Campaigns } from './Campaigns';
import { handTo, leadEditing } from './changes';
import { LeadStatus } from './LeadStatus';
import { OwnerPicker } from './OwnerPicker';
import { useLeadFields } from './pickLists';
import { AccountMatches, Outcome } from './Related';
import { leadQuery, listsChanged, nameOf, queuesQuery, statusesQuery, type Lead, type Page } from './queries';
import { StatusPath } from './StatusPath';

const QrCode = lazy(() => import('@/shared/record/QrCode'));

/** A lead (LD5). Opens from its row's data while the rest is on its way. */
export function LeadPage() {
  const { id = '' } = useParams();
  const lead = useQuery(leadQuery(id));
  const row = lead.data ? undefined : queries.getQueriesData<{ pages: Page[] }>({ queryKey: ['leads', 'list'] }).flatMap(([, data]) => data?.pages ?? []).flatMap((page) => page.items).find((item) => item.id === id);
  usePage(lead.data ? nameOf(lead.data) : row ? nameOf(row) : 'Lead', { label: 'Leads', to: neighbours(id)?.address ?? '/leads' });

  if (lead.data) return <Whole key={id} lead={lead.data} />;
  if (lead.isError) {
    return <NoRecord what="lead" query={lead} onward={{ label: 'Show the leads', to: neighbours(id)?.address ?? '/leads' }} />;
  }
  return row ? <div className={classes.head}><div className={classes.names}><h1 className="breaks">{nameOf(row)}</h1><LeadStatus name={row.status} category={row.statusCategory} /><span className="muted breaks">{row.company}</span></div><Skeleton height={24} mt="md" /></div> : <Loading lines={8} label="Loading the lead" />;
}

function Whole({ lead }: { lead: Lead }) {
  const me = useMe();
  const navigate = useNavigate();
  const callField = useRef<HTMLInputElement>(null);
  const page = useRef<HTMLDivElement>(null);
  const [owner, setOwner] = useState(false);
  const [qr, setQr] = useState(false);
  const [tab, setTab] = useState<string | null>('activity');
  const [letters] = useLetterKeys();
  const phone = useMediaQuery('(max-width: 899px)', false, { getInitialValueInEffect: false });
  const wide = useMediaQuery('(min-width: 1280px)', false, { getInitialValueInEffect: false });
  const queues = useQuery(queuesQuery);
  const statuses = useQuery(statusesQuery);
  const custom = useCustomSections('leads');
  const { sections } = useLeadFields();
  const beside = neighbours(lead.id);
  const taskButton = useRef<HTMLButtonElement>(null);
  const locked = lead.isConverting || !!lead.undoId;
  const mayEdit = me.may('leads.edit') && !locked && (!lead.isConverted || me.may('leads.editConverted'));
  const mayConvert = me.may('leads.convert') && me.may('leads.edit') && !lead.isConverted && !locked;
  const isMine = lead.ownerId === me.id;

  // Opening it says so to its owner's lists (LD7), and to one's own recently viewed (VW1).
  const isNews = lead.unread && isMine;
  useEffect(() => {
    void api.leads.PUT('/api/leads/{id}/opened', { params: { path: { id: lead.id } } }).then(() => {
      void queries.invalidateQueries({ queryKey: ['leads', 'list', 'recentlyViewed'] });
      if (!isNews) return;
      queries.setQueryData(leadQuery(lead.id).queryKey, (known) => known && { ...known, unread: false });
      return listsChanged();
    }, () => undefined);   // it stays unread: nothing is lost, and the next opening says it again
  }, [lead.id, isNews]);

  // What locks it ends by itself, in a few seconds.
  useEffect(() => {
    if (!locked) return;
    const timer = setInterval(() => void queries.invalidateQueries({ queryKey: leadQuery(lead.id).queryKey }), 2_000);
    return () => clearInterval(timer);
  }, [locked, lead.id]);

  const hand = useMutation({
    mutationFn: (to: { ownerId?: string; queueId?: string }) => handTo(lead, to),
    onSuccess: (handed) => tell(`${nameOf(handed)} belongs to ${handed.ownerName ?? 'a queue'} now.`),
    onError: (error) => tellFailure(Problem.of(error).message),
  });

  async function drop() {
    try {
      await remove(lead);
      await listsChanged();
      tell(`${nameOf(lead)} is in the recycle bin.`, { label: 'Undo', run: () => void restore(lead).then(listsChanged) });
      void navigate(beside?.address ?? '/leads');
    } catch (error) {
      tellFailure(Problem.of(error).message);
    }
  }

  function log() {
    setTab('activity');
    setTimeout(() => callField.current?.focus());
  }

  function onKeyDown(event: KeyboardEvent) {
    const into = event.target as HTMLElement;
    // Esc leaves a field for the page, where letters act again.
    if (event.key === 'Escape' && !event.defaultPrevented && /^(INPUT|TEXTAREA)$/.test(into.tagName) && !into.closest('[role=dialog],[data-field]')) { page.current?.focus(); return; }
    if (!letters || event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(into.tagName) || into.closest('[role=dialog],[role=menu]')) return;
    if (event.key === 'l') { event.preventDefault(); log(); }
    else if (event.key === 't') { event.preventDefault(); setTab('activity'); setTimeout(() => taskButton.current?.click()); }
    else if (event.key === 's') { event.preventDefault(); page.current?.querySelector<HTMLElement>('[aria-current=step]')?.focus(); }
    else if (event.key === 'j' && beside?.next) void navigate(`/leads/${beside.next}`);
    else if (event.key === 'k' && beside?.previous) void navigate(`/leads/${beside.previous}`);
    else if (event.key === 'Escape') void navigate(beside?.address ?? '/leads');
  }

  useEffect(() => page.current?.focus({ preventScroll: true }), []);

  const details = <Details record={lead} editing={leadEditing} sections={[...sections, ...custom.sections]} mayEdit={mayEdit} />;
  const side = <><Facts lead={lead} /><AccountMatches id={lead.id} /></>;
  return (
    <div ref={page} className={classes.page} tabIndex={-1} onKeyDown={onKeyDown}>
      <header className={classes.head}>
        <div className={classes.top}>
          <div className={classes.names}>
            <h1 className="breaks">{nameOf(lead)}</h1>
            {phone && <LeadStatus name={lead.status} category={lead.statusCategory} />}
            <span className="muted breaks">{[lead.title, lead.company].filter(Boolean).join(' · ')}</span>
          </div>
          <div className={classes.actions}>
            {beside && (
              <span className={classes.walk}>
                <span className="muted small" aria-label={`${beside.position} of ${beside.of} in ${beside.title}`}>{beside.position} of {beside.of}</span>
                <Tooltip label={`Previous of ${beside.title} (k)`}><ActionIcon variant="subtle" color="gray" aria-label="Previous lead" disabled={!beside.previous} onClick={() => void navigate(`/leads/${beside.previous}`)}><IconArrowUp size={16} /></ActionIcon></Tooltip>
                <Tooltip label={`Next of ${beside.title} (j)`}><ActionIcon variant="subtle" color="gray" aria-label="Next lead" disabled={!beside.next} onClick={() => void navigate(`/leads/${beside.next}`)}><IconArrowDown size={16} /></ActionIcon></Tooltip>
              </span>
            )}
            {me.may('activities.create') && !phone && <Button variant="default" leftSection={<IconPhone size={15} aria-hidden />} onClick={log}>Log a call</Button>}
            {lead.email && !lead.emailOptOut && !phone && <Button variant="default" component="a" href={`mailto:${lead.email}`} leftSection={<IconMail size={15} aria-hidden />}>E-mail</Button>}
            {mayConvert && !phone && <Button component={Link} to={`/leads/${lead.id}/convert`} leftSection={<IconArrowsExchange size={15} aria-hidden />}>Convert</Button>}
            <Menu position="bottom-end">
              <Menu.Target><ActionIcon variant="default" size={30} aria-label="More"><IconDots size={16} /></ActionIcon></Menu.Target>
              <Menu.Dropdown>
                {me.may('leads.transfer') && !locked && <Menu.Item onClick={() => setOwner(true)}>Change owner</Menu.Item>}
                {mayEdit && !lead.unread && <Menu.Item onClick={() => void api.leads.PUT('/api/leads/{id}/unread', { params: { path: { id: lead.id } }, body: { unread: true } }).then(() => navigate(beside?.address ?? '/leads')).then(listsChanged)}>Mark unread</Menu.Item>}
                {me.may('leads.create') && <Menu.Item component={Link} to={`/leads/new?from=${lead.id}`}>Clone</Menu.Item>}
                <Menu.Item onClick={() => saveVCard(lead)}>Save as vCard</Menu.Item>
                <Menu.Item onClick={() => setQr(true)}>QR code</Menu.Item>
                <Menu.Item onClick={() => print()}>Print</Menu.Item>
                {me.may('leads.delete') && mayEdit && <Menu.Item color="red" onClick={() => void drop()}>Delete</Menu.Item>}
              </Menu.Dropdown>
            </Menu>
          </div>
        </div>
        <dl className={classes.facts}>
          {lead.phone && <div><dt>Phone</dt><dd>{lead.doNotCall ? <span className={classes.warning}>{lead.phone} · do not call</span> : <a href={`tel:${lead.phone}`}>{lead.phone}</a>}<Copy text={lead.phone} what="phone number" /></dd></div>}
          {lead.email && <div><dt>E-mail</dt><dd className="breaks">{lead.emailOptOut ? <span className={classes.warning}>{lead.email} · opted out</span> : <a href={`mailto:${lead.email}`}>{lead.email}</a>}<Copy text={lead.email} what="e-mail address" /></dd></div>}
          {lead.score !== null && lead.score !== undefined && <div><dt>Score</dt><dd>{lead.score}{lead.grade && ` · ${lead.grade}`}</dd></div>}
          {lead.rating && <div><dt>Rating</dt><dd>{lead.rating}</dd></div>}
          <div><dt>Owner</dt><dd>{lead.ownerName ?? queues.data?.find((queue) => queue.id === lead.queueId)?.name ?? 'Queue'}</dd></div>
          <div><dt>Created</dt><dd><When at={lead.createdAt} /></dd></div>
        </dl>
        {locked && <Alert color="blue" mt="sm">{lead.undoId ? 'The conversion of this lead is being undone.' : 'This lead is being converted.'} You can edit it when that is finished (a few seconds).</Alert>}
        <Outcome lead={lead} />
        {!lead.isConverted && <StatusPath lead={lead} mayEdit={mayEdit} mayConvert={mayConvert} onConvert={() => void navigate(`/leads/${lead.id}/convert`)} />}
      </header>
      <div className={classes.columns}>
        {!phone && <section className={classes.details} aria-label="Details">{details}{!wide && side}</section>}
        <section className={classes.middle} aria-label="Activity and more">
          <Tabs value={tab} onChange={setTab} keepMounted={false}>
            <Tabs.List className={classes.tabs}>
              <Tabs.Tab value="activity">Activity</Tabs.Tab>
              {phone && <Tabs.Tab value="details">Details</Tabs.Tab>}
              {me.may('campaigns.read') && <Tabs.Tab value="campaigns">Campaigns</Tabs.Tab>}
              <Tabs.Tab value="history">History</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="activity"><Timeline type="lead" id={lead.id} callField={callField} taskButton={taskButton} /></Tabs.Panel>
            {phone && <Tabs.Panel value="details">{details}{side}</Tabs.Panel>}
            <Tabs.Panel value="campaigns"><Campaigns who={{ leadId: lead.id }} name={nameOf(lead)} /></Tabs.Panel>
            <Tabs.Panel value="history"><History cacheKey={['leads', 'history', lead.id, lead.version]} sections={[...sections, ...custom.sections]} names={Object.fromEntries([...statuses.data ?? [], ...queues.data ?? []].map((one) => [one.id, one.name]))}
              page={(after) => body(api.leads.GET('/api/leads/{id}/history', { params: { path: { id: lead.id }, query: { limit: 50, ...(after ? { after } : {}) } } }))} /></Tabs.Panel>
          </Tabs>
        </section>
        {wide && <aside className={classes.side} aria-label="Related">{side}</aside>}
      </div>
      {phone && (
        <div className={classes.thumb} role="toolbar" aria-label="Act on the lead">
          {lead.phone && !lead.doNotCall && <Button variant="default" component="a" href={`tel:${lead.phone}`}>Call</Button>}
          {me.may('activities.create') && <Button variant="default" onClick={log}>Log</Button>}
          {lead.email && !lead.emailOptOut && <Button variant="default" component="a" href={`mailto:${lead.email}`}>E-mail</Button>}
          {mayConvert && <Button component={Link} to={`/leads/${lead.id}/convert`}>Convert</Button>}
        </div>
      )}
      {qr && <Suspense><QrCode name={nameOf(lead)} card={lead} onClose={() => setQr(false)} /></Suspense>}
      {owner && <OwnerPicker title="New owner" onClose={() => setOwner(false)} onPick={(to) => { setOwner(false); hand.mutate(to); }} />}
    </div>
  );
}

function Copy({ text, what }: { text: string; what: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => <Tooltip label={copied ? 'Copied' : 'Copy'}><ActionIcon size={24} variant="subtle" color="gray" aria-label={copied ? 'Copied' : `Copy the ${what}`} onClick={copy}><IconCopy size={13} /></ActionIcon></Tooltip>}
    </CopyButton>
  );
}

function Facts({ lead }: { lead: Lead }) {
  const extra = Object.entries(lead.extra ?? {});
  return (
    <section className={classes.box} aria-label="About this record">
      <h2>About this record</h2>
      <dl className={classes.lines}>
        <div><dt>In this status</dt><dd>since <When at={lead.statusSince} /></dd></div>
        <div><dt>With its owner</dt><dd>since <When at={lead.assignedAt} /></dd></div>
        {lead.reopenedAt && <div><dt>Reopened</dt><dd><When at={lead.reopenedAt} /></dd></div>}
        <div><dt>Last changed</dt><dd><When at={lead.updatedAt} /></dd></div>
        {lead.externalId && <div><dt>External id</dt><dd className="breaks">{lead.externalId}</dd></div>}
        {extra.map(([name, value]) => <div key={name}><dt className="breaks">{name}</dt><dd className="breaks">{value}</dd></div>)}
      </dl>
    </section>
  );
}
