namespace LeadCrm.Leads.LeasedJobs;

/// <summary>A piece of work on many leads as whoever asked for it watches and steers it.</summary>
internal interface ILeasedJob
{
    /// <summary>Who asked for it: whoever may see and change what this user owns may watch and steer it.</summary>
    Guid CreatedById { get; }

    /// <summary>Over, however it ended.</summary>
    bool IsFinished { get; }
}
