using LeadCrm.ServiceDefaults.Http;

namespace LeadCrm.Opportunities.Opportunities;

/// <summary>The people on the deal (OP5), and what merges of accounts and contacts make of it (AC4).</summary>
internal sealed partial class Opportunity
{
    internal ContactRole? PrimaryContact => _contactRoles.Find(r => r.IsPrimary);

    /// <summary>One role for each person: that of the contact itself before that of one that became it, and the primary one if any of theirs is.</summary>
    internal IEnumerable<(ContactRole Role, bool IsPrimary)> People => _contactRoles.GroupBy(r => r.PersonId)
        .Select(same => (same.OrderBy(r => r.SurvivorId is not null).ThenBy(r => r.AddedAt).First(), same.Any(r => r.IsPrimary)));

    /// <summary>The role of a person; null when it is not on the deal.</summary>
    internal ContactRole? RoleOf(Guid personId) => People.Select(person => person.Role).FirstOrDefault(role => role.PersonId == personId);

    /// <summary>Gives a contact a role, or another one. A new primary contact takes over from the one before (OP5).</summary>
    internal void SetContactRole(Guid contactId, ContactRoleKind kind, bool isPrimary, Guid? actorId, DateTimeOffset now)
    {
        RefuseWhileProvisional();
        var role = RoleOf(contactId);
        if (role is null) _contactRoles.Add(role = new ContactRole(Id, contactId, kind, isPrimary: false, null, now));
        RefuseWhileProvisional(role);
        role.Become(kind);
        if (isPrimary)
            foreach (var other in _contactRoles.Where(r => r.IsPrimary && r != role))
            {
                RefuseWhileProvisional(other);
                other.MakePrimary(false);
            }
        role.MakePrimary(isPrimary);
        Touch(actorId, now);
    }

    /// <summary>Takes a contact off the deal; false when it was not on it.</summary>
    internal bool RemoveContactRole(Guid contactId, Guid? actorId, DateTimeOffset now)
    {
        RefuseWhileProvisional();
        var roles = _contactRoles.FindAll(r => r.PersonId == contactId);
        if (roles.Count == 0) return false;
        foreach (var role in roles)
        {
            RefuseWhileProvisional(role);
            _contactRoles.Remove(role);
        }
        Touch(actorId, now);
        return true;
    }

    /// <summary>The account became another one, or is one of its own again; false when nothing changes.</summary>
    internal bool FollowAccount(Func<Guid, Guid> resolve, Guid? actorId, DateTimeOffset now)
    {
        var named = NamedAccountId ?? AccountId;
        var account = resolve(named);
        if (account == AccountId) return false;
        (AccountId, NamedAccountId) = (account, account == named ? null : named);
        Touch(actorId, now);
        return true;
    }

    /// <summary>Contacts became others, or are some of their own again; false when nothing changes.</summary>
    internal bool FollowContacts(Func<Guid, Guid> resolve, Guid? actorId, DateTimeOffset now)
    {
        var changed = false;
        foreach (var role in _contactRoles) changed |= role.Follow(resolve(role.ContactId));
        if (changed) Touch(actorId, now);
        return changed;
    }

    private static void RefuseWhileProvisional(ContactRole role)
    {
        if (role.IsProvisional)
            throw new DomainRuleException("urn:leadcrm:provisional",
                "This contact's role comes from a conversion that is still running. Try again when it is through.");
    }
}
