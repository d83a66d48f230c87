namespace LeadCrm.ServiceDefaults.CustomFields;

/// <summary>A record whose custom values a machine may put in place one by one, such as a conversion that fills what is empty and puts it back.</summary>
public interface IHasCustomValues
{
    /// <summary>The values by key, as JSON.</summary>
    string? Custom { get; }

    /// <summary>Takes values that have been checked.</summary>
    void TakeCustom(string? custom);
}
