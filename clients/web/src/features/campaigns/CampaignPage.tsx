import { ActionIcon, Menu, Tabs } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconDots } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { api, body } from '@/api/client';
import { Problem } from '@/api/problem';
import { usePage } from '@/app/page';
import { useMe } from '@/features/session/session';
import { useUserName } from '@/features/users/queries';
import { tell, tellFailure } from '@/shared/notices';
import { Details } from '@/shared/record/Details';
import { History } from '@/shared/record/History';
import classes from '@/shared/record/RecordPage.module.css';
import { saveField } from '@/shared/record/save';
import { Loading, NoRecord } from '@/shared/States';
import { day, money, number } from '@/shared/time';
import { CampaignBadge } from './CampaignBadge';
import { campaignEditing, campaignQuery, campaignsChanged, campaignSections, countsQuery, removeCampaign, restoreCampaign, statusNames, type Campaign, type CampaignStatus } from './campaigns';
import { Members } from './Members';

/** A campaign: what it is, whom it is meant for, and how they reacted. */
export function CampaignPage() {
  const { id = '' } = useParams();
  const campaign = useQuery(campaignQuery(id));
  usePage(campaign.data?.name ?? 'Campaign', { label: 'Campaigns', to: '/campaigns' });
  if (campaign.isPending) return <Loading lines={8} label="Loading the campaign" />;
  if (campaign.isError) return <NoRecord what="campaign" query={campaign} onward={{ label: 'Show the campaigns', to: '/campaigns' }} />;
  return <Whole key={id} campaign={campaign.data} />;
}

function Whole({ campaign }: { campaign: Campaign }) {
  const me = useMe();
  const navigate = useNavigate();
  const mayEdit = me.may('campaigns.edit');
  const owner = useUserName(campaign.ownerId);
  const phone = useMediaQuery('(max-width: 899px)', false, { getInitialValueInEffect: false });
  const [tab, setTab] = useState<string | null>('members');
  const counts = useQuery(countsQuery(campaign.id));
  const parent = useQuery({ ...campaignQuery(campaign.parentCampaignId ?? ''), enabled: !!campaign.parentCampaignId });
  const share = counts.data && counts.data.members > 0 ? Math.round(100 * counts.data.responded / counts.data.members) : null;

  async function setStatus(status: CampaignStatus) {
    try {
      const saved = await saveField(campaignEditing, campaign, 'status', status);
      if ('conflict' in saved) tellFailure(`${saved.conflict.who ?? 'Somebody else'} has made it ${statusNames[saved.conflict.fresh.status]} meanwhile. Nothing was changed.`);
      else tell(`${campaign.name}: ${statusNames[status]}.`, { label: 'Undo', run: () => void saveField(campaignEditing, saved.record, 'status', campaign.status).catch((error) => tellFailure(Problem.of(error).message)) });
    } catch (error) {
      tellFailure(Problem.of(error).message);
    }
  }

  async function drop() {
    try {
      await removeCampaign(campaign);
      await campaignsChanged();
      tell(`${campaign.name} is in the recycle bin.`, { label: 'Undo', run: () => void restoreCampaign(campaign.id).then(campaignsChanged, (error) => tellFailure(Problem.of(error).message)) });
      void navigate('/campaigns');
    } catch (error) {
      tellFailure(Problem.of(error).message);
    }
  }

  const details = <Details record={campaign} editing={campaignEditing} sections={campaignSections} mayEdit={mayEdit} />;
  const facts: [string, React.ReactNode][] = [
    ['Members', counts.data && number(counts.data.members)], ['Responded', counts.data && <>{number(counts.data.responded)}{share !== null && ` · ${share} %`}{campaign.expectedResponse !== null && campaign.expectedResponse !== undefined && <span className="muted">&nbsp;of {campaign.expectedResponse} % expected</span>}</>],
    ['Runs', campaign.startsOn && `${day(campaign.startsOn)}${campaign.endsOn ? ` to ${day(campaign.endsOn)}` : ''}`], ['Budget', campaign.budget !== null && campaign.budget !== undefined && money(campaign.budget, campaign.currency)],
    ['Actual cost', campaign.actualCost !== null && campaign.actualCost !== undefined && money(campaign.actualCost, campaign.currency)], ['Owner', owner], ['Part of', parent.data && <Link to={`/campaigns/${parent.data.id}`}>{parent.data.name}</Link>],
  ];
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <div className={classes.top}>
          <div className={classes.names}><h1 className="breaks">{campaign.name}</h1><CampaignBadge status={campaign.status} /><span className="muted breaks">{campaign.type}</span></div>
          {mayEdit && (
            <div className={classes.actions}>
              <Menu position="bottom-end">
                <Menu.Target><ActionIcon variant="default" size={30} aria-label="More"><IconDots size={16} /></ActionIcon></Menu.Target>
                <Menu.Dropdown>
                  <Menu.Label>Status</Menu.Label>
                  {(Object.keys(statusNames) as CampaignStatus[]).filter((status) => status !== campaign.status).map((status) => <Menu.Item key={status} onClick={() => void setStatus(status)}>{statusNames[status]}</Menu.Item>)}
                  {me.may('campaigns.delete') && <><Menu.Divider /><Menu.Item color="red" onClick={() => void drop()}>Delete</Menu.Item></>}
                </Menu.Dropdown>
              </Menu>
            </div>
          )}
        </div>
        <dl className={classes.facts}>{facts.filter(([, value]) => value !== null && value !== undefined && value !== false).map(([label, value]) => <div key={label}><dt>{label}</dt><dd className="breaks">{value}</dd></div>)}</dl>
      </header>
      <div className={classes.columns} data-two>
        {!phone && <section className={classes.details} aria-label="Details">{details}</section>}
        <section className={classes.middle} aria-label="Members and more">
          <Tabs value={tab} onChange={setTab} keepMounted={false}>
            <Tabs.List className={classes.tabs}>
              <Tabs.Tab value="members">Members</Tabs.Tab>
              {phone && <Tabs.Tab value="details">Details</Tabs.Tab>}
              <Tabs.Tab value="history">History</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="members"><Members campaign={campaign} /></Tabs.Panel>
            {phone && <Tabs.Panel value="details">{details}</Tabs.Panel>}
            <Tabs.Panel value="history"><History cacheKey={['campaigns', 'history', campaign.id, campaign.version]} sections={campaignSections} page={(after) => body(api.campaigns.GET('/api/campaigns/{id}/history', { params: { path: { id: campaign.id }, query: { limit: 50, ...(after ? { after } : {}) } } }))} /></Tabs.Panel>
          </Tabs>
        </section>
      </div>
    </div>
  );
}
