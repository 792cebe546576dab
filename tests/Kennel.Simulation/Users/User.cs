using System.Text;
using System.Text.Json.Nodes;
using Kennel.Client;
using Kennel.Simulation.Net;
using Kennel.Simulation.Running;

namespace Kennel.Simulation.Users;

/// <summary>Somebody with kubectl: does one thing after another, tries again when nobody answers, and gives up when refused.</summary>
sealed partial class User
{
    const int Tries = 30;
    const string Sets = "/apis/apps/v1/namespaces/default/statefulsets";
    const string Deployments = "/apis/apps/v1/namespaces/default/deployments";
    const string Pods = "/api/v1/namespaces/default/pods";
    const string Claims = "/api/v1/namespaces/default/persistentvolumeclaims";
    const string NodesPath = "/api/v1/nodes";

    readonly World _world;
    readonly Process _process;
    readonly Wire _api;
    int _image = 1;

    public User(World world)
    {
        _world = world;
        _process = world.NewProcess("user");
        _api = new Wire(world.Wires, _process, "user", "kubectl");
    }

    /// <summary>All actions are done.</summary>
    public bool Idle { get; private set; }

    Loop Loop => _world.Loop;

    public void Start() => _process.Start(async () =>
    {
        var wishes = _world.Wishes;
        for (var i = 0; i < wishes.Sets; i++) await CreateSet($"s{i}");
        for (var i = 0; i < wishes.Deployments; i++) await Send("POST", Deployments, Manifest.Deployment($"d{i}", Loop.Random));
        for (var i = 0; i < wishes.Actions; i++)
        {
            await Task.Delay(Loop.Some(TimeSpan.FromMilliseconds(10), TimeSpan.FromSeconds(Loop.Chance(0.3) ? 1 : 25)), _process.Clock);
            await Act();
        }
        Idle = true;
    });

    /// <summary>Leaves the cluster as one that can become well: nothing cordoned, nothing tainted, all rollouts let go.</summary>
    public void TidyUp()
    {
        Idle = false;
        _process.Start(async () =>
        {
            foreach (var node in _world.Nodes) await Patch($"{NodesPath}/{node.Name}", """{"spec":{"unschedulable":null}}""", again: true);
            foreach (var node in _world.Nodes) await OutOfService(node.Name, false);
            await Task.Delay(TimeSpan.FromSeconds(30), _process.Clock);
            await FreeClaims();
            Idle = true;
        });
    }

    async Task CreateSet(string name)
    {
        await Send("POST", "/api/v1/namespaces/default/services", Manifest.Service(name));
        await Send("POST", Sets, Manifest.Set(name, Loop.Random, _world.Wishes.Claimed.Contains(name)));
    }

    async Task<JsonObject?> Get(string path)
    {
        var answer = await Send("GET", path);
        return answer.Succeeded ? JsonNode.Parse(answer.Body.Span)!.AsObject() : null;
    }

    async Task<IReadOnlyList<JsonObject>> List(string path) => await Get(path) is { } list ? [.. list["items"]!.AsArray().Select(i => i!.AsObject())] : [];

    Task<ApiAnswer> Patch(string path, string json, bool again = false) => Send("PATCH", path, json, "application/merge-patch+json", again);

    async Task<ApiAnswer> Send(string method, string path, string? body = null, string? type = null, bool again = false)
    {
        for (var tries = 0; tries < Tries; tries++)
        {
            try
            {
                var answer = await _api.Send(new(method, path, body is null ? default : Encoding.UTF8.GetBytes(body), type), default);
                if (answer.Status is 400 or 422 or 500) Loop.Fail($"{method} {path} {body} was answered {answer.Status}: {Encoding.UTF8.GetString(answer.Body.Span)}");
                if (answer.Status != 503 && (!again || answer.Succeeded)) return answer;
            }
            catch (ApiUnavailableException) { }
            await Task.Delay(TimeSpan.FromSeconds(2), _process.Clock);
        }
        return new(503, default);
    }
}
