using Kennel.Load.Nodes;

namespace Kennel.Load;

/// <summary>One scenario in a namespace of its own, with simulated nodes and volumes beside it if wanted.</summary>
internal static class Session
{
    public static async Task<Figures> Run(
        Setting setting, int nodes, bool volumes, Func<Setting, CancellationToken, Task<Figures>> scenario, CancellationToken cancel)
    {
        using var api = setting.Api;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(setting.Patience);
        var simulated = nodes > 0 ? new SimulatedNodes(api, nodes, TimeProvider.System) : null;
        await api.Need(HttpMethod.Post, "/api/v1/namespaces", Documents.Namespace(setting.Namespace), cancel: limit.Token);
        try
        {
            var world = await World(api, simulated, volumes, limit.Token);
            var run = scenario(setting, limit.Token);
            await await Task.WhenAny([run, .. world]); // the world ends only by an error
            return await run;
        }
        finally
        {
            await api.Need(HttpMethod.Delete, $"/api/v1/namespaces/{setting.Namespace}", also: 404, cancel: CancellationToken.None);
            if (simulated is not null) await simulated.Remove(CancellationToken.None);
        }
    }

    private static async Task<List<Task>> World(Api api, SimulatedNodes? nodes, bool volumes, CancellationToken cancel)
    {
        var world = new List<Task>();
        if (nodes is not null)
        {
            await nodes.Register(cancel);
            world.Add(nodes.Run(cancel));
        }

        if (!volumes) return world;
        var provisioner = new SimulatedVolumes(api);
        await provisioner.Register(cancel);
        world.Add(provisioner.Run(cancel));
        return world;
    }
}
