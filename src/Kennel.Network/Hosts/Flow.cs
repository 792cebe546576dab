namespace Kennel.Network.Hosts;

/// <summary>What the kernel remembers of datagrams between two ends.</summary>
/// <param name="Source">Who sent the first.</param>
/// <param name="Destination">To whom, as the sender saw it.</param>
/// <param name="Answerer">Who really gets them.</param>
public sealed record Flow(string Source, int SourcePort, string Destination, int DestinationPort, string Answerer, int AnswererPort)
{
    /// <summary>They go to somebody else than the sender sees.</summary>
    public bool IsSentOn => (Answerer, AnswererPort) != (Destination, DestinationPort);
}
