import { Button, NumberInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import { api, body } from '@/api/client';
import { usePage } from '@/app/page';
import { useUserName } from '@/features/users/queries';
import { Confirm } from '@/shared/Confirm';
import { Heading, Part } from '@/shared/form/FormPage';
import classes from '@/shared/form/FormPage.module.css';
import { tell } from '@/shared/notices';
import { History } from '@/shared/record/History';
import { Rows } from '@/shared/Rows';
import { Copyable, Once } from '@/shared/Secret';
import { When } from '@/shared/When';
import { Loaded, setup } from '../SetupPage';
import { state } from '../users/Access';
import { clientQuery, clientsChanged, type Client } from './queries';

/** An API client: who it acts as, what it may do, its secrets. Its scopes never change: another program is another client. */
export function ClientPage() {
  const { id = '' } = useParams();
  const client = useQuery(clientQuery(id));
  usePage(client.data?.name ?? 'API client', setup, { label: 'API clients', to: '/setup/clients' });
  return <Loaded query={client} what="The API client">{(data) => <Whole key={id} client={data} />}</Loaded>;
}

function Whole({ client }: { client: Client }) {
  const user = useUserName(client.userId);
  const [asking, setAsking] = useState<'secret' | 'revoke' | null>(null);
  const [hours, setHours] = useState<number | string>(24);
  const [fresh, setFresh] = useState<string | null>(null);
  return (
    <div className={classes.body}>
      <Heading title={client.name} subtitle={<>{state(client)} Acts as {user ?? 'somebody'}. {client.lastUsedAt ? <>Last used <When at={client.lastUsedAt} />.</> : 'Never used.'} {client.expiresAt && <>Expires <When at={client.expiresAt} />.</>}</>}
        actions={!client.revokedAt && <Button variant="default" onClick={() => setAsking('revoke')}>Revoke</Button>} />
      {fresh && <Once parts={[['Client secret', fresh]]} onDone={() => setFresh(null)}>Give it to the program now. The secret before works on for the hours that you said.</Once>}
      <Part title="Access"><Copyable label="Client id" text={client.id} /><p className="breaks"><b>Scopes:</b> {client.scopes.join(', ')}</p></Part>
      <Part title="Secrets" what="Change them from time to time, and at once when one has been seen by others." actions={!client.revokedAt && <Button variant="default" onClick={() => setAsking('secret')}>New secret</Button>}>
        {client.secrets.length === 0 ? <p className="muted">None works.</p> : <Rows label="Secrets" rows={client.secrets.map((secret, i) => ({ key: `${secret.createdAt}-${i}`, title: `Secret ${client.secrets.length - i}`, subtitle: <>Made <When at={secret.createdAt} />{secret.expiresAt ? <>, works until <When at={secret.expiresAt} /></> : ', works'}</> }))} />}
      </Part>
      <Part title="History"><History cacheKey={['clients', 'history', client.id]} sections={[]} page={(after) => body(api.identity.GET('/api/clients/{id}/history', { params: { path: { id: client.id }, query: { limit: 20, ...(after ? { after } : {}) } } }))} /></Part>
      {asking === 'secret' && (
        <Confirm title="A new secret" label="Make secret" onClose={() => setAsking(null)} run={async () => { const answer = await body(api.identity.POST('/api/clients/{id}/secrets', { params: { path: { id: client.id } }, body: { overlapHours: Number(hours) || 0 } })); setFresh(answer.clientSecret); await clientsChanged(); }}>
          <NumberInput data-autofocus label="The one before works on for so many hours" description="0: it works no more at once" min={0} value={hours} onChange={setHours} hideControls />
        </Confirm>
      )}
      {asking === 'revoke' && (
        <Confirm title={`Revoke “${client.name}”`} label="Revoke API client" onClose={() => setAsking(null)} run={async () => { await api.identity.DELETE('/api/clients/{id}', { params: { path: { id: client.id } } }); await clientsChanged(); tell(`“${client.name}” works no more.`); }}>
          <p>The program is refused from now on, at the latest when its access token ends (5 minutes). It cannot be brought back; a new client can be made.</p>
        </Confirm>
      )}
    </div>
  );
}
