using Kennel.Client;
using Kennel.Server;
using Kennel.Simulation.Running;

namespace Kennel.Simulation.Net;

enum Stage { Sent, Serving, Answered, Over }

/// <summary>One request under way.</summary>
sealed class Exchange(Process client, string link, string agent, ApiCall call)
{
    public Process Client => client;

    /// <summary>The name of the connection that it uses.</summary>
    public string Link => link;

    public ApiCall Call => call;

    public ApiRequest Request { get; set; } = ApiRequest.To(call.Method, call.Path, User.Loopback) with { Body = call.Body, ContentType = call.ContentType, UserAgent = agent, Id = "sim" };

    public Stage Stage { get; set; }

    public TaskCompletionSource<ApiAnswer> Answered { get; } = new();
}
