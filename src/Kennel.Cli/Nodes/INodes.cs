namespace Kennel.Cli.Nodes;

/// <summary>The nodes of this process: one with containers, or any number of simulated ones.</summary>
interface INodes
{
    /// <summary>Until cancelled; fails when pods can't be run here.</summary>
    Task Run(CancellationToken cancel);

    /// <summary>Stops the pods and takes everything that was made for them off the machine.</summary>
    Task Leave();
}
