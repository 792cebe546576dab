#pragma warning disable CS9113
namespace Kennel.Cli.Nodes;
sealed class Containers(Client.IApi api, Client.Caching.Caches caches, Instance instance, Server.Http.Pki pki, TimeProvider time, Random random, Action<string> log) : INodes
{
    public static void CheckMachine() { }
    public Task Run(CancellationToken cancel) => Task.Delay(-1, cancel);
    public Task Leave() => Task.CompletedTask;
}
