using Kennel.Server.Routing;

namespace Kennel.Server.Auditing;

/// <summary>What becomes known of a request on its way through the pipeline.</summary>
sealed class AuditTrail(DateTimeOffset received)
{
    public DateTimeOffset Received { get; } = received;

    /// <summary>As whom it was done, when somebody acted as somebody else.</summary>
    public User? As { get; set; }

    public Route? Route { get; set; }

    /// <summary>It was refused because the user may not.</summary>
    public bool Forbidden { get; set; }
}
