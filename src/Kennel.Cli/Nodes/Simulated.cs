#pragma warning disable CS9113
namespace Kennel.Cli.Nodes;
sealed class Simulated(int count, Client.IApi api, Client.Caching.Caches caches, Instance instance, TimeProvider time, Random random, Func<Guid> ids) : INodes
{
    public Task Run(CancellationToken cancel) => Task.Delay(-1, cancel);
    public Task Leave() => Task.CompletedTask;
}
