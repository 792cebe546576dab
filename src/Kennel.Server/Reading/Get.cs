using Kennel.Objects.Refusals;
using Kennel.Server.Answers;

namespace Kennel.Server.Reading;

/// <summary>One object: the stored bytes as they are.</summary>
static class Get
{
    public static async ValueTask<ApiResponse> Handle(Call call, CancellationToken cancel)
    {
        var entry = await call.Parts.Store.Get(call.Route.Key, cancel);
        return entry is null ? Refusal.NotFound(call.Type, call.Route.Name) : Encode.Object(call, entry.Value);
    }
}
