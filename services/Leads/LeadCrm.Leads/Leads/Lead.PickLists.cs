using LeadCrm.Leads.PickLists;

namespace LeadCrm.Leads.Leads;

/// <summary>What renaming a value of a pick-list does to a lead that has it.</summary>
internal sealed partial class Lead
{
    /// <summary>Takes the name that its value has now (LD3). It is the same value, so that a converted lead and one in the recycle bin follow as well.</summary>
    public void TakeName(PickList list, string name, DateTimeOffset now)
    {
        switch (list)
        {
            case PickList.Source: Source = name; break;
            case PickList.Industry: Industry = name; break;
            case PickList.Salutation: Salutation = name; break;
            default: throw new ArgumentOutOfRangeException(nameof(list), list, "There is no such list.");
        }
        UpdatedAt = now;
    }
}
