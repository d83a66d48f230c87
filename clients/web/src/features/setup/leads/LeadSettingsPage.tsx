import { NumberInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { api, body, ifMatch } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/leads';
import { usePage } from '@/app/page';
import { listsChanged, readLeadSettings as read, settingsQuery } from '@/features/leads/queries';
import { Fields, FormPage, Part } from '@/shared/form/FormPage';
import { useForm } from '@/shared/form/useForm';
import { tell } from '@/shared/notices';
import { Loaded, setup } from '../SetupPage';

type LeadSettings = components['schemas']['SetUpLeadsAnswer'];

const daysOf = ({ staleAfterDays, overdueAfterDays, firstResponseHours }: LeadSettings) => ({ staleAfterDays, overdueAfterDays, firstResponseHours });

/** When a lead is called stale or overdue (LC8), and how soon a new one should be answered (VW8). */
export function LeadSettingsPage() {
  usePage('Stale and overdue', setup);
  const settings = useQuery(settingsQuery);
  return <Loaded query={settings} what="What is called stale and overdue">{(data) => <Days settings={data} />}</Loaded>;
}

function Days({ settings }: { settings: LeadSettings }) {
  const form = useForm({
    draft: 'setup:lead-settings', record: daysOf(settings), version: settings.version,
    read: async () => { const fresh = await read(); return { record: daysOf(fresh), version: fresh.version }; },
    save: (value, _change, version) => body(api.leads.PUT('/api/leads/settings', { params: { header: { 'If-Match': ifMatch(version) } }, body: value })),
    saved: (now) => { queries.setQueryData(settingsQuery.queryKey, now); void listsChanged(); tell('Saved. The views and Call next go by it from now on.'); },
  });
  const days = { min: 1, max: 3650, allowDecimal: false, suffix: ' days' };
  return (
    <FormPage form={form} title="Stale and overdue" subtitle="What the views of these names show, and who comes first in Call next." saveLabel="Save" labels={{ staleAfterDays: 'Stale', overdueAfterDays: 'Overdue', firstResponseHours: 'First response' }}>
      <Part title="A lead is">
        <Fields>
          <NumberInput label="Stale" description="Without a call, an e-mail or a meeting for" {...form.number('staleAfterDays')} {...days} />
          <NumberInput label="Overdue" description="Still open after it was created or reopened" {...form.number('overdueAfterDays')} {...days} />
        </Fields>
      </Part>
      <Part title="A new lead">
        <Fields>
          <NumberInput label="First response" description="Somebody calls, writes to or meets it within; all hours count" {...form.number('firstResponseHours')} min={1} max={8760} allowDecimal={false} suffix=" hours" />
        </Fields>
      </Part>
    </FormPage>
  );
}
